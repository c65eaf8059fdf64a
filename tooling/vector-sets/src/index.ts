export { recallBySimilarity, similaritiesToReach } from './answers.ts';
export { clustered } from './clustered.ts';
export { DISTRIBUTIONS, type Distribution, type DistributionName, type DrawOptions } from './distributions.ts';
export { gaussian } from './gaussian.ts';
export { askAbout } from './questions.ts';
export { drawSet, type VectorSet, vectorSet } from './vector-set.ts';
