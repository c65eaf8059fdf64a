import { gaussian } from './gaussian.ts';

/** What a distribution is drawn with. */
export interface DrawOptions {
  readonly dimensions: number;
  /** How many vectors are going to be drawn. */
  readonly count: number;
  /** A generator of numbers from 0 to 1. */
  readonly next: () => number;
}

/** Returns a function that draws one vector after the other. */
export type Distribution = (options: DrawOptions) => () => ArrayLike<number>;

/** Ways in which vectors may lie: most are hard for some kind of approximate search. */
export const DISTRIBUTIONS = {
  Gaussian: (options) => normal(options),
  'clusters, 1 % noise': (options) => clusters(options, 40, 0.01),
  'clusters, 5 % noise': (options) => clusters(options, 40, 0.05),
  'clusters, 20 % noise': (options) => clusters(options, 40, 0.2),
  'clusters of ten': (options) => clusters(options, Math.ceil(options.count / 10), 0.01),
  'a third near copies': (options) => nearCopies(options, 1e-3),
  'repeated boilerplate': boilerplate,
  'generated code': generatedCode,
  'one-hot': ({ dimensions, next }) => {
    return () => spikes(dimensions, [Math.floor(next() * dimensions)], () => 1);
  },
  'all equal': (options) => {
    const only = normal(options)();
    return () => only;
  },
  'a few far clusters': farClusters,
  'a narrow cone': (options) => {
    const draw = normal(options);
    const axis = draw();
    return () => draw().map((value, i) => value + 20 * (axis[i] ?? 0));
  },
  'low rank': lowRank,
  'a circle': ({ dimensions, next }) => {
    return () => {
      const angle = 2 * Math.PI * next();
      return spikes(dimensions, [0, 1], (i) => (i === 0 ? Math.cos(angle) : Math.sin(angle)));
    };
  },
  'heavy tails': ({ dimensions, next }) => {
    // Cauchy: a few numbers of a vector are larger than all others together.
    return () => Float64Array.from({ length: dimensions }, () => Math.tan(Math.PI * (next() - 0.5)));
  },
  'small integers': ({ dimensions, next }) => {
    return () => Float64Array.from({ length: dimensions }, () => Math.floor(3 * next()) - 1);
  },
  sparse: ({ dimensions, next }) => {
    return () => {
      const places = Array.from({ length: 5 }, () => Math.floor(dimensions * next() ** 3));
      return spikes(dimensions, places, () => 0.1 + next());
    };
  },
  'negative correlation': (options) => {
    const draw = normal(options);
    const gauss = gaussian(options.next);
    return () => {
      const vector = draw();
      return vector.map((value, i) => (i % 2 === 0 ? value : 0.05 * gauss() - (vector[i - 1] ?? 0)));
    };
  },
} as const satisfies Readonly<Record<string, Distribution>>;

/** The name of a distribution. */
export type DistributionName = keyof typeof DISTRIBUTIONS;

function normal({ dimensions, next }: DrawOptions): () => Float64Array {
  const gauss = gaussian(next);
  return () => Float64Array.from({ length: dimensions }, gauss);
}

function clusters(options: DrawOptions, count: number, noise: number): () => Float64Array {
  const draw = normal(options);
  const centres = Array.from({ length: count }, draw);
  return () => {
    const centre = centres[Math.floor(options.next() * count)] ?? draw();
    return draw().map((value, i) => (centre[i] ?? 0) + noise * value);
  };
}

function nearCopies(options: DrawOptions, noise: number): () => Float64Array {
  const draw = normal(options);
  const original = draw();
  return () => {
    const vector = draw();
    return options.next() < 1 / 3 ? vector.map((value, i) => (original[i] ?? 0) + noise * value) : vector;
  };
}

/** Half are texts of their own, the others copies of a few hundred, some much more frequent than others, edited more or less. */
function boilerplate(options: DrawOptions): () => Float64Array {
  const own = clusters(options, 300, 0.8);
  const texts = Array.from({ length: 300 }, own);
  const draw = normal(options);
  return () => {
    const vector = own();
    if (options.next() < 0.5) return vector;
    const text = texts[Math.min(Math.floor(2 / options.next()) - 2, texts.length - 1)] ?? vector;
    const edits = [0, 0.001, 0.01, 0.05, 0.1][Math.floor(5 * options.next())] ?? 0;
    return draw().map((value, i) => (text[i] ?? 0) + edits * value);
  };
}

/** Few templates, of which each vector differs in six numbers. */
function generatedCode(options: DrawOptions): () => Float64Array {
  const templates = Array.from({ length: 20 }, normal(options));
  const gauss = gaussian(options.next);
  return () => {
    const vector = Float64Array.from(templates[Math.floor(20 * options.next())] ?? []);
    for (let edit = 0; edit < 6; edit++) {
      const at = Math.floor(options.dimensions * options.next());
      vector[at] = (vector[at] ?? 0) + gauss();
    }
    return vector;
  };
}

/** Nearly all in one cloud, and a few in four clusters on the other side of the origin. */
function farClusters(options: DrawOptions): () => Float64Array {
  const draw = normal(options);
  const cloud = draw();
  const far = Array.from({ length: 4 }, () => draw().map((value, i) => value - 2 * (cloud[i] ?? 0)));
  return () => {
    const cluster = options.next() < 0.005 ? far[Math.floor(4 * options.next())] : undefined;
    return draw().map((value, i) => 0.1 * value + ((cluster ?? cloud)[i] ?? 0));
  };
}

function lowRank(options: DrawOptions): () => Float64Array {
  const basis = Array.from({ length: 4 }, normal(options));
  const gauss = gaussian(options.next);
  return () => {
    const weights = basis.map(gauss);
    return Float64Array.from({ length: options.dimensions }, (_, i) =>
      basis.reduce((sum, axis, which) => sum + (axis[i] ?? 0) * (weights[which] ?? 0), 0),
    );
  };
}

function spikes(dimensions: number, places: readonly number[], height: (place: number) => number): Float64Array {
  const vector = new Float64Array(dimensions);
  for (const place of places) vector[place] = (vector[place] ?? 0) + height(place);
  return vector;
}
