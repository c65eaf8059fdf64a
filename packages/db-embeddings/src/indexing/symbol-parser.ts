import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Language, Node, Parser } from 'web-tree-sitter';

/** A named part of a source file. */
export interface CodeSymbol {
  readonly type: string;
  readonly name: string;
  /** From 1, both included. */
  readonly startLine: number;
  readonly endLine: number;
  /** The symbols inside it, such as the methods of a class. */
  readonly members: readonly CodeSymbol[];
}

/** The grammar of each language that is cut by symbols. */
const GRAMMARS: Readonly<Record<string, string>> = {
  c: 'c',
  cpp: 'cpp',
  csharp: 'c_sharp',
  go: 'go',
  java: 'java',
  javascript: 'javascript',
  kotlin: 'kotlin',
  php: 'php',
  python: 'python',
  ruby: 'ruby',
  rust: 'rust',
  swift: 'swift',
  typescript: 'tsx',
};

/** A tree takes hundreds of bytes for each byte of text, and the module never gives memory back. */
const MAX_CHARACTERS = 200_000;

/** The kinds of symbols by the names of the grammars, and the names that the index gives them. */
const SYMBOL_TYPES: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^(method|constructor)_(definition|declaration)$|^(singleton_)?method$/, 'method'],
  [/^(generator_)?function_(declaration|definition|item)$/, 'function'],
  [
    /^(abstract_)?class(_declaration|_definition|_specifier)?$|^(impl|struct)_item$|^struct_(specifier|declaration)$|^object_declaration$/,
    'class',
  ],
  [/^(interface_declaration|trait_item|protocol_declaration)$/, 'interface'],
  [
    /^(type_alias_declaration|type_spec|type_item|enum_declaration|enum_item|enum_specifier|record_declaration)$/,
    'type',
  ],
  [/^(module|namespace_declaration|namespace_definition|mod_item|internal_module)$/, 'module'],
];

/** The places of the parser's packages on this machine. */
export interface ParserFiles {
  readonly module: string;
  /** The folder of the grammars. */
  readonly grammars: string;
}

/**
 * Finds the symbols of a source file, by tree-sitter (https://tree-sitter.github.io). Both of its packages are optional
 * peers, loaded when first needed: `web-tree-sitter`, and the grammars in `tree-sitter-wasms`.
 */
export class SymbolParser {
  readonly #parser: Parser;
  readonly #loadLanguage: (grammar: string) => Promise<Language>;
  readonly #languages = new Map<string, Promise<Language>>();

  private constructor(parser: Parser, loadLanguage: (grammar: string) => Promise<Language>) {
    this.#parser = parser;
    this.#loadLanguage = loadLanguage;
  }

  /** Loads the parser. */
  static async load({ module, grammars }: ParserFiles): Promise<SymbolParser> {
    const { Language, Parser }: typeof import('web-tree-sitter') = createRequire(module)(module);
    await Parser.init();
    return new SymbolParser(new Parser(), (grammar) => Language.load(join(grammars, `tree-sitter-${grammar}.wasm`)));
  }

  /** Returns the outermost symbols of a string, or `undefined` if its language or its length forbid it. */
  async symbolsOf(text: string, language: string): Promise<readonly CodeSymbol[] | undefined> {
    const grammar = GRAMMARS[language];
    if (grammar === undefined || text.length > MAX_CHARACTERS) return undefined;
    const loaded = this.#languages.get(grammar) ?? this.#loadLanguage(grammar);
    this.#languages.set(grammar, loaded);
    this.#parser.setLanguage(await loaded);
    const tree = this.#parser.parse(text);
    if (tree === null) return undefined;
    try {
      return symbolsIn(tree.rootNode);
    } finally {
      // The tree lies in the memory of the WebAssembly module, which nobody collects.
      tree.delete();
    }
  }
}

/** The nodes that may hold a symbol without being one; visiting all others would visit every expression of a file. */
const CONTAINER =
  /(^|_)(body|block|list|statements?|program|module|file|unit)$|^(export_statement|decorated_definition|template_declaration|linkage_specification|(lexical|variable|type)_declaration)$/;

function symbolsIn(node: Node): CodeSymbol[] {
  return node.namedChildren.flatMap((child) => {
    if (child === null) return [];
    return symbolOf(child) ?? (CONTAINER.test(child.type) ? symbolsIn(child) : []);
  });
}

function symbolOf(node: Node): CodeSymbol | undefined {
  const type = SYMBOL_TYPES.find(([pattern]) => pattern.test(node.type))?.[1] ?? typeOfVariable(node);
  const name = nameOf(node);
  if (type === undefined || name === undefined) return undefined;
  // An export or a decorator belongs to what it stands before.
  const outer = isWrapper(node.parent) ? node.parent : node;
  return {
    type,
    name,
    startLine: (outer ?? node).startPosition.row + 1,
    endLine: node.endPosition.row + 1,
    members: type === 'class' || type === 'module' ? symbolsIn(node) : [],
  };
}

/** `const parse = (text) => ...` is a function in all but its form. */
function typeOfVariable(node: Node): string | undefined {
  if (node.type !== 'variable_declarator') return undefined;
  const value = node.childForFieldName('value')?.type;
  return value === 'arrow_function' || value === 'function_expression' ? 'function' : undefined;
}

/** C puts the name of a function into its declarator; Rust names an `impl` by its type. */
function nameOf(node: Node): string | undefined {
  for (const field of ['name', 'declarator', 'type']) {
    const found = node.childForFieldName(field);
    if (found !== null) return field === 'declarator' ? (nameOf(found) ?? found.text) : found.text;
  }
  return node.namedChildren.find((child) => child?.type.endsWith('identifier'))?.text;
}

function isWrapper(node: Node | null): boolean {
  return (
    node !== null && /^(export_statement|decorated_definition|lexical_declaration|type_declaration)$/.test(node.type)
  );
}
