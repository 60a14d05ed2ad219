/** Tests run outside Tauri: there is no window to speak for. Set up here, so that no other folder names Tauri, tests included. */
import { vi } from 'vitest';

vi.mock('@tauri-apps/api/webviewWindow', () => ({ getCurrentWebviewWindow: () => ({}) }));
