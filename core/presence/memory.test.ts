import { describePresence } from './contract.ts';
import { MemoryPresence } from './memory.ts';

describePresence('in process', () => new MemoryPresence());
