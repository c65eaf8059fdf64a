export { unpackCorpus } from './corpus.ts';
export { measureQuality, type Quality, type Way } from './measure-quality.ts';
export { QUESTIONS, type Question } from './questions.ts';
