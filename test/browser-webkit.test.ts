import { startWebKit, WEBKIT } from './support/browsers/webkit.ts';
import { describeWebClient } from './support/contracts/web-client.ts';

describeWebClient({ name: 'WebKitGTK', installed: WEBKIT, start: startWebKit });
