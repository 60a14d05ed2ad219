import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

/** One page per kind of window; the shell names them by the same words. */
const pages = ['operator', 'scheduling', 'therapist', 'settings', 'sign-in'];

export default defineConfig({
  plugins: [svelte(), svelteTesting()],
  base: './',
  clearScreen: false,
  // The sign-in window shows the app's own icon, which lies beside ui/.
  server: { port: 5173, strictPort: true, fs: { allow: ['..'] } },
  build: {
    // WebKitGTK 2.40 and WKWebView of macOS 13.
    target: 'safari16',
    outDir: 'dist',
    emptyOutDir: true,
    // Fonts and images stay files: the content policy allows no data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: Object.fromEntries(pages.map((page) => [page, `${page}.html`])) },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.ts'],
    setupFiles: ['src/testing/setup.ts', 'src/ipc/outside-tauri.ts'],
    restoreMocks: true,
  },
});
