/** Whether names are shown as initials only, for a screen that others can read. `Ctrl+Shift+H` switches it. */
class Privacy {
  initialsOnly = $state(false);

  /** Shows names again, or hides them. */
  toggle(): void {
    this.initialsOnly = !this.initialsOnly;
  }
}

/** This window's privacy. */
export const privacy = new Privacy();
