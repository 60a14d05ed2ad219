/** Tests run outside Tauri: nobody emits anything. Set up here, so that no other folder names Tauri, tests included. */
import { vi } from 'vitest';

vi.mock('@tauri-apps/api/event', () => ({ listen: async () => () => {} }));
