import { v7 as uuid } from 'uuid';
import { openDatabase } from '../../core/db/database.ts';
import { MIGRATIONS_DIR } from './database.ts';

// A process that a test kills: it writes until then, and sends its parent the id of each committed row.
const db = await openDatabase({ dataDir: process.argv[2] ?? '', migrationsDir: MIGRATIONS_DIR });
for (;;) {
  const id = uuid();
  await db.prisma.conversation.create({
    data: {
      id,
      owner: 'local',
      status: 'ACTIVE',
      model: 'm',
      provider: 'p',
      pacing: 'HUMAN',
      lastActivityAt: new Date(),
    },
  });
  process.send?.(id);
}
