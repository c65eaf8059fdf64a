import ts from 'typescript';
import { openProgram } from './typed-program.ts';
import { readText } from './workspace.ts';

/** A parameter that takes an object of named parts: options, a filter, a record, a configuration, or a list of those. */
export interface PartsParameter {
  /** `MemoryRepository.find`, `new MemoryRepository`, `restoreBackup`. */
  readonly call: string;
  readonly parameter: string;
}

/** Finds the parameters of a published package's public calls that take an object whose parts have names of ours; those of errors aside. */
export function findPartsParameters(packageName: string): PartsParameter[] {
  const paths = entriesOf(packageName);
  const { files, checker } = openProgram(paths);
  return files.flatMap(({ tree }) => {
    const module = checker.getSymbolAtLocation(tree);
    return module === undefined ? [] : checker.getExportsOfModule(module).flatMap((each) => callsOf(each, checker));
  });
}

/** The sources of what a package exports to its users. */
function entriesOf(packageName: string): string[] {
  const { exports } = Object(JSON.parse(readText(`packages/${packageName}/package.json`)));
  return Object.entries(Object(exports)).flatMap(([name, entry]) => {
    if (['./internal', './testing', './package.json'].includes(name)) return [];
    const built = String(Object(entry)['default']);
    return [`packages/${packageName}/${built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')}`];
  });
}

function callsOf(exported: ts.Symbol, checker: ts.TypeChecker): PartsParameter[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const name = exported.getName();
  if (!(symbol.flags & ts.SymbolFlags.Value)) return [];
  const type = checker.getTypeOfSymbol(symbol);
  const own = type.getCallSignatures().flatMap((signature) => partsOf(name, signature, checker));
  const isError = type.getProperty('isInstance') !== undefined;
  if (!(symbol.flags & ts.SymbolFlags.Class) || isError) return own;
  const constructors = type.getConstructSignatures().filter(({ declaration }) => isPublic(declaration));
  const members = [...checker.getDeclaredTypeOfSymbol(symbol).getProperties(), ...type.getProperties()];
  const methods = members.filter((member) => isOurs(member) && (member.declarations ?? []).every(isPublic));
  return [
    ...constructors.flatMap((signature) => partsOf(`new ${name}`, signature, checker)),
    ...methods.flatMap((method) =>
      checker
        .getTypeOfSymbol(method)
        .getCallSignatures()
        .flatMap((signature) => partsOf(`${name}.${method.getName()}`, signature, checker)),
    ),
  ];
}

function partsOf(call: string, signature: ts.Signature, checker: ts.TypeChecker): PartsParameter[] {
  return signature
    .getParameters()
    .filter((parameter) => takesParts(checker.getTypeOfSymbol(parameter), checker))
    .map((parameter) => ({ call, parameter: parameter.getName() }));
}

/** Returns whether a type is an interface or literal of ours that has properties and nothing to call, or a list of such. */
function takesParts(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnion()) return type.types.some((each) => takesParts(each, checker));
  if (type.isIntersection()) return type.types.some((each) => takesParts(each, checker));
  if (checker.isArrayType(type)) {
    const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
    return element !== undefined && isNamed(element) && takesParts(element, checker);
  }
  if (!(type.flags & ts.TypeFlags.Object) || type.getCallSignatures().length > 0) return false;
  const properties = type.getProperties();
  const hasCalls = properties.some(
    (property) => checker.getTypeOfSymbol(property).getCallSignatures().length > 0 && !isOptional(property),
  );
  return properties.length > 0 && properties.every(isOurs) && !hasCalls && !type.isClass();
}

/** Values of JSON are lists of lists: only lists of something of a name or of names are taken apart. */
function isNamed(type: ts.Type): boolean {
  return !type.isUnion();
}

function isOptional(property: ts.Symbol): boolean {
  return (property.flags & ts.SymbolFlags.Optional) !== 0;
}

/** Properties of a mapped type are declared nowhere. */
function isOurs({ declarations = [] }: ts.Symbol): boolean {
  if (declarations.length === 0) return true;
  return declarations.some((declaration) => /\/packages\/[^/]+\/src\//.test(declaration.getSourceFile().fileName));
}

function isPublic(declaration: ts.Declaration | undefined): boolean {
  if (declaration === undefined) return true;
  const name = ts.getNameOfDeclaration(declaration);
  if (name !== undefined && ts.isPrivateIdentifier(name)) return false;
  return !(ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected));
}
