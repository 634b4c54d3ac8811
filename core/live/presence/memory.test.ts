import { describePresence } from '../../../test/support/contracts/presence.ts';
import { MemoryPresence } from './memory.ts';

describePresence('in process', () => new MemoryPresence());
