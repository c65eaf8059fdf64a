export { HYBRID_NAMES, type HybridMatch, type HybridOptions, hybridSearch, RANKING_DEPTH } from './hybrid-search.ts';
export { diversify } from './maximal-marginal-relevance.ts';
export { type Fused, fuseRankings, type Ranks } from './reciprocal-rank-fusion.ts';
