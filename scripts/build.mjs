import { prepareBuild } from './prepare.mjs';

/** Builds the server and the web client into `dist/`, where they are not current. */
prepareBuild();
