//! Environment variables that must be right before GTK and WebKit start, in one place.

/// Sets what WebKitGTK needs, and in a release build removes what would let another program drive the windows.
pub(crate) fn prepare() {
    // SAFETY: called first thing in `main`, while there is one thread.
    #[allow(unsafe_code, reason = "environment changes are unsafe only once there are threads")]
    unsafe {
        if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
            // Blank windows on some graphics drivers otherwise.
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
        if !automation_allowed() {
            for name in [
                "WEBKIT_INSPECTOR_SERVER",
                "WEBKIT_INSPECTOR_HTTP_SERVER",
                "TAURI_WEBVIEW_AUTOMATION",
            ] {
                std::env::remove_var(name);
            }
        }
    }
}

/// Journeys drive debug builds, and the benchmark a release build made for it with the `automation` feature.
const fn automation_allowed() -> bool {
    cfg!(any(debug_assertions, feature = "automation"))
}
