import { expect, test } from 'vitest';
import { compose, readText, readYaml } from './support/deployment.ts';
import { faultsOfCompose } from './support/manifest-schemas.ts';

interface Workspace {
  services: Record<string, { image?: string; volumes?: string[]; environment?: Record<string, string> }>;
}

const container = JSON.parse(readText('.devcontainer/devcontainer.json'));
const file = `.devcontainer/${container.dockerComposeFile}`;
const { services } = readYaml<Workspace>(file);
const workspace = services[container.service];

test('the development container is described by a Compose file that the specification accepts', () => {
  expect(faultsOfCompose(readYaml(file))).toEqual([]);
});

test('its folder is the project, mounted', () => {
  expect(workspace?.volumes).toEqual([`..:${container.workspaceFolder}:cached`]);
});

test('its Node is that of the images', () => {
  const nodeOf = (path: string) => /^FROM node:(\d+)/m.exec(readText(path))?.[1];
  expect(nodeOf('.devcontainer/Dockerfile')).toBe(nodeOf('deploy/server.Dockerfile'));
});

test.each(['postgres', 'redis'] as const)('its %s is that of docker-compose.yml', (name) => {
  expect(services[name]?.image).toBe(compose.services[name]?.image);
});

test('tests find its stores by the names of their services', () => {
  const { TEST_DATABASE_URL = '', TEST_REDIS_URL = '' } = workspace?.environment ?? {};
  expect([new URL(TEST_DATABASE_URL).hostname, new URL(TEST_REDIS_URL).hostname]).toEqual([
    'postgres',
    'redis',
  ]);
});
