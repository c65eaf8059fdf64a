import { measureQuality, QUESTIONS } from '@codebuddy/retrieval-quality';
import { row, type SuiteReport } from '../report.ts';

/** How well questions about this repository are answered. */
export async function retrieval(): Promise<SuiteReport> {
  const { keyword, vector, hybrid } = await measureQuality();
  return {
    name: 'retrieval',
    title: `${QUESTIONS.length} questions about this repository`,
    rows: {
      words: row('words (BM25)', { ndcg: keyword.ndcg, found: keyword.recall }),
      meaning: row('meaning (lexical vectors)', { ndcg: vector.ndcg, found: vector.recall }),
      both: row('both', { ndcg: hybrid.ndcg, found: hybrid.recall }),
    },
  };
}
