import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');
const CHART = join(ROOT, 'deploy/helm/sluice');
const RENDERED = readFileSync(join(ROOT, 'deploy/kubernetes/sluice.yaml'), 'utf8');
const hasHelm = spawnSync('helm', ['version', '--short']).status === 0;
if (!hasHelm) process.stderr.write('the Helm chart was not rendered anew: no helm on the PATH; its committed rendering was checked\n');

describe('the Helm chart', () => {
  it.runIf(hasHelm)('passes the lint of helm', () => {
    const { status, stdout } = spawnSync('helm', ['lint', '--strict', '--values', join(CHART, 'example-values.yaml'), CHART], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('0 chart(s) failed')]);
  });

  it.runIf(hasHelm)('renders to the manifests that are committed', () => {
    expect(render('--values', join(CHART, 'example-values.yaml')).stdout).toBe(RENDERED);
  });

  it.runIf(hasHelm)('scales by external metrics too, and says what is missing or unknown', () => {
    const config = ['--set-string', 'config.a\\.yaml=x', '--set', 'board.login.existingSecret=s'];
    expect(render(...config, '--set', 'workerDefaults.autoscaling.type=hpa').stdout).toContain('kind: HorizontalPodAutoscaler');
    expect(render(...config, '--set', 'workerDefaults.autoscaling.type=x').stderr).toContain('expected none, keda or hpa, found x');
    const proxy = ['board.login.existingSecret=', 'board.login.proxyHeader=X-User', 'board.login.proxyAddresses={10.0.0.0/8}'].join(',');
    expect(render(...config, '--set', proxy).stdout).toContain(
      '- name: SLUICE_BOARD_LOGIN_PROXY_ADDRESSES\n              value: "10.0.0.0/8"',
    );
    expect(render(...config, '--set', 'board.login.existingSecret=').stderr).toContain('board.login: expected existingSecret');
    expect(render().stderr).toContain('config: expected the configuration files');
    expect(render(...config, '--set', 'redis.existingSecret=s,redis.passwordAs=env').stdout).toContain('name: SLUICE_REDIS_PASSWORD\n');
  });
});

describe('the manifests', () => {
  const manifests = parseAllDocuments(RENDERED)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
  const deployments = manifests.filter(({ kind }) => kind === 'Deployment');

  it('are complete', () => {
    expect(manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted()).toEqual([
      'ConfigMap sluice-config',
      'Deployment sluice-board',
      'Deployment sluice-egress-worker',
      'Deployment sluice-ingress-worker',
      'NetworkPolicy sluice',
      'NetworkPolicy sluice-board',
      'PodDisruptionBudget sluice-egress-worker',
      'PodDisruptionBudget sluice-ingress-worker',
      'ScaledObject sluice-egress-worker',
      'ScaledObject sluice-ingress-worker',
      'Service sluice-board',
      'Service sluice-egress-worker',
      'Service sluice-ingress-worker',
      'ServiceAccount sluice',
      'ServiceMonitor sluice',
    ]);
  });

  it('run every program without rights, asked at the port it listens on', () => {
    for (const { spec } of deployments) {
      const { securityContext, containers } = spec.template.spec;
      const [container] = containers as [Container];
      expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10_001 });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const variable = `SLUICE_PORTS_${container.args[0]!.toUpperCase().replaceAll('-', '_')}`;
      expect(container.env).toContainEqual({ name: variable, value: String(container.ports[0]!.containerPort) });
      expect([container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path]).toEqual(['/live', '/ready']);
      expect(container.args.slice(1)).toEqual(['--config=/config/benthos.yaml', '--config=/config/module.yaml']);
    }
  });

  it('give the board a login', () => {
    const [container] = deployments.find(({ metadata }) => metadata.name === 'sluice-board')!.spec.template.spec.containers;
    const names = container!.env.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['SLUICE_BOARD_LOGIN_USERNAME', 'SLUICE_BOARD_LOGIN_PASSWORD']));
  });

  it('ask for metrics that exist', () => {
    const known = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
    const sources = globSync('deploy/helm/sluice/templates/*.yaml', { cwd: ROOT }).map((file) => readFileSync(join(ROOT, file), 'utf8'));
    for (const [metric] of sources.join('\n').matchAll(/\bsluice_\w+/g)) expect(known).toContain(`| \`${metric}\` |`);
  });
});

interface Container {
  readonly args: readonly string[];
  readonly env: ReadonlyArray<{ readonly name: string }>;
  readonly ports: ReadonlyArray<{ readonly containerPort: number }>;
  readonly securityContext: unknown;
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly securityContext: unknown; readonly containers: readonly Container[] } } };
}

const render = (...flags: readonly string[]) =>
  spawnSync('helm', ['template', 'sluice', CHART, '--namespace', 'sluice', '--kube-version', '1.30.0', ...flags], { encoding: 'utf8' });
