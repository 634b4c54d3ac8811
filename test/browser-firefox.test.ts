import { FIREFOX, startFirefox } from './support/browsers/firefox.ts';
import { describeWebClient } from './support/contracts/web-client.ts';

describeWebClient({ name: 'Firefox', installed: FIREFOX, start: startFirefox });
