/** Words that say nothing about what is asked for. Any word that is not listed here is taken to matter. */
export const EMPTY_WORDS: ReadonlySet<string> = new Set(
  [
    'a an the this that these those',
    'i me my we us our you your it its he she they them their one s',
    'am is are be been being do does did has have had having',
    'there here of for at by in please kindly just really exactly actually simply currently ok so then',
    'hi hello hey thanks thank',
    // The same of German, French and Spanish: those that no other language uses for something that matters.
    'der die das den dem des ein eine einen einem einer ist sind ich wir mein meine bitte',
    'le la les une est sont je mon ma mes du',
    'el los las un una es mi mis',
  ].flatMap((line) => line.split(' ')),
);

/** Words that mean the same to whoever asks. */
export const SYNONYMS: ReadonlyMap<string, string> = new Map(
  [
    'delete remove',
    'run execute',
    'show display',
    'fix solve resolve repair',
    'begin start',
    'change modify alter',
    'check verify',
    'explain describe',
    'find locate',
    'large big',
    'fast quick quickly',
    'example sample',
    'use used using utilize utilise',
    'repository repo',
    'configuration config',
    'folder directory dir',
    'documentation docs',
    'function func fn',
    'temporary temp tmp',
    'whether if',
    'create make',
    's sec second seconds',
    'ms millisecond milliseconds',
    'min minute minutes',
    'javascript js',
    'typescript ts',
    'python py',
    'kubernetes k8s',
    'database db',
    'environment env',
    'dependency dep',
    'parameter param',
    'argument arg',
    'application app',
    'authentication auth',
    'postgresql postgres',
    'colour color',
    '0 zero',
    '1 one',
    '2 two',
    '3 three',
    '4 four',
    '5 five',
    '6 six',
    '7 seven',
    '8 eight',
    '9 nine',
    '10 ten',
    '11 eleven',
    '12 twelve',
  ].flatMap((group) => {
    const words = group.split(' ');
    return words.map((word): [string, string] => [word, words[0] ?? word]);
  }),
);

/** Words after which comes the name of something, of which no letter can be left out: "the column ids". */
export const KINDS: ReadonlySet<string> = new Set(
  'variable column table field property constant class key option flag tag branch package module'.split(' '),
);

/** Words after which comes what a sentence is directed at: "JSON to YAML" is not "YAML to JSON". */
export const RELATIONS: ReadonlySet<string> = new Set(
  'to from into onto on over under with before after than against instead as via through between vs versus per'.split(
    ' ',
  ),
);

/** Ways to open a question that add nothing to it, at its beginning. */
export const OPENINGS: readonly RegExp[] = [
  /^(?:please|hi|hello|hey|ok|so)\b[\s,]*/u,
  /^(?:can|could|would|will) (?:you|someone|anyone|anybody) (?:please )?/u,
  /^(?:tell|show) me (?=how|what|where|why|when|which|who|if|whether)/u,
  /^do you know /u,
  /^i(?:'d| would)? (?:want|like|need) to (?:know|understand|learn) /u,
  /^i(?:'d| would)? (?:want|like|need) you to /u,
  /^i (?:wonder|am wondering) /u,
];

/** Verbs that are written together with a negation, and how they are written apart. */
export const NEGATED_VERBS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:cannot|can't|cant)\b/giu, 'can not'],
  [/\bwon't\b|\bwont\b/giu, 'will not'],
  [/\b(is|are|was|were|do|does|did|could|would|should|has|have|had|must|might|need)n'?t\b/giu, '$1 not'],
];

/** Verbs that are written in one word or in two. */
export const TWO_WORDS = /\b(set|log|check|sign|roll|clean|back|shut|start)-? (up|in|out|back|down)\b/giu;

/** Ways to ask how something is done. */
export const HOW =
  /\b(?:what(?:'s| is) the (?:best |right |correct |proper |easiest |recommended )?way (?:to|of|for)|how (?:can|could|do|does|should|would|might|must|may) (?:i|we|you|one)|how (?:i|we|you|one) (?:can|could|should|would|may|must)|how to|in what way|how (?:is|are|can|do|does|should))\b/u;
