import ts from 'typescript';

/** A parsed source file. */
export interface SourceFile {
  /** Relative to the root of the repository, such as `packages/db-core/src/index.ts`. */
  readonly path: string;
  readonly tree: ts.SourceFile;
}

/** Something that a rule refuses. */
export interface Violation {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  /** What is wrong and what to do instead. */
  readonly message: string;
}

/** Parses a file, without types. */
export function parse(path: string, text: string): SourceFile {
  return { path, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) };
}

/** Makes a violation that points to a place of a file. */
export function violationAt(file: SourceFile, position: number, message: string): Violation {
  const { line } = file.tree.getLineAndCharacterOfPosition(position);
  return { path: file.path, line: line + 1, message };
}

/** Visits every node of a file, a parent before its children. */
export function visit(file: SourceFile, visitor: (node: ts.Node) => void): void {
  const walk = (node: ts.Node) => {
    visitor(node);
    ts.forEachChild(node, walk);
  };
  walk(file.tree);
}

/** A comment, with its delimiters. */
export interface Comment {
  readonly start: number;
  readonly text: string;
}

/** Returns the comments of a file, in their order. */
export function commentsOf({ tree }: SourceFile): Comment[] {
  const found = new Map<number, Comment>();
  const note = (ranges: readonly ts.CommentRange[] = []) => {
    for (const { pos, end } of ranges) found.set(pos, { start: pos, text: tree.text.slice(pos, end) });
  };
  const walk = (node: ts.Node) => {
    if (node.getChildCount(tree) === 0) {
      note(ts.getLeadingCommentRanges(tree.text, node.pos));
      note(ts.getTrailingCommentRanges(tree.text, node.end));
    } else node.getChildren(tree).forEach(walk);
  };
  walk(tree);
  return Array.from(found.values()).sort((a, b) => a.start - b.start);
}
