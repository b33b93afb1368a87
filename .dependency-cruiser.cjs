/** Who may import whom: the table of docs/architecture.md, and where express, the database driver and Node belong. */
const LAYERS = {
  math: [],
  gp: ['math'],
  acquisition: ['math', 'gp'],
  'src/domain': [],
  store: ['src/domain'],
  'src/evaluator': ['src/domain', 'math'],
  'src/optimizer': ['src/domain', 'math', 'gp', 'acquisition'],
  'src/online': ['src/domain', 'math', 'gp', 'acquisition', 'src/optimizer'],
  'src/service': ['src/domain', 'store', 'src/evaluator', 'src/optimizer', 'src/online'],
  'src/server': ['src/domain', 'src/service'],
  'src/cli': ['src/domain', 'src/service', 'src/server', 'store'],
};

/** @type {(name: string, path: string, from: object) => object} */
const only = (name, path, pathNot) => ({
  name,
  severity: 'error',
  from: { path: '^(math|gp|acquisition|store|src)/', pathNot },
  to: { path },
});

module.exports = {
  forbidden: [
    ...Object.entries(LAYERS).map(([layer, allowed]) => ({
      name: `layer-${layer.replace('/', '-')}`,
      severity: 'error',
      from: { path: `^${layer}/` },
      to: {
        path: '^(math|gp|acquisition|store|src|test|bench|examples|web)/',
        pathNot: `^(${[layer, ...allowed].join('|')})/`,
      },
    })),
    {
      name: 'layers-are-complete',
      comment: 'a folder of src that the table above does not name',
      severity: 'error',
      from: { path: '^src/', pathNot: `^(${Object.keys(LAYERS).join('|')})/` },
      to: {},
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('express-in-server', '^node_modules/express/', '^src/server/'),
    only('driver-in-store', '^node_modules/better-sqlite3/', '^store/'),
    only('duckdb-in-evaluator', '^node_modules/@duckdb/', '^src/evaluator/'),
    {
      name: 'pure-numerics',
      comment: 'math, gp and acquisition know nothing of files, clocks or the network',
      severity: 'error',
      from: { path: '^(math|gp|acquisition|src/domain|src/optimizer)/' },
      to: { dependencyTypes: ['core'] },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: '^node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
    },
  },
};
