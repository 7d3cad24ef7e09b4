/**
 * The language's own library as Espruino 2v29 has it, for the check of types in place of TypeScript's: what is missing here does not exist on the board,
 * and what has another result there has it here (`slice` of a typed array gives an Array). A test compares it with the engine, name by name.
 *
 * No global of the platform is here: an app asks `hal`.
 */

declare const NaN: number;
declare const Infinity: number;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;
declare function isNaN(value: number): boolean;
declare function isFinite(value: number): boolean;
declare function encodeURIComponent(text: string | number | boolean): string;
declare function decodeURIComponent(text: string): string;
declare function atob(base64: string): string;
declare function btoa(bytes: string): string;

interface Console {
  log(...values: unknown[]): void;
}
declare const console: Console;

type PropertyKey = string | number | symbol;
interface PropertyDescriptor {
  value?: any;
  get?(): any;
  set?(value: any): void;
}
interface PropertyDescriptorMap {
  [key: PropertyKey]: PropertyDescriptor;
}
interface TypedPropertyDescriptor<T> {
  value?: T;
  get?: () => T;
  set?: (value: T) => void;
}

interface Object {
  constructor: Function;
  toString(): string;
  valueOf(): Object;
  hasOwnProperty(key: PropertyKey): boolean;
}
interface ObjectConstructor {
  new (value?: any): Object;
  (value?: any): any;
  readonly prototype: Object;
  assign<T extends {}, U>(target: T, source: U): T & U;
  assign<T extends {}, U, V>(target: T, first: U, second: V): T & U & V;
  assign(target: object, ...sources: any[]): any;
  create(prototype: object | null): any;
  defineProperty<T>(target: T, key: PropertyKey, descriptor: PropertyDescriptor): T;
  defineProperties<T>(target: T, descriptors: PropertyDescriptorMap): T;
  entries<T>(target: { [key: string]: T } | ArrayLike<T>): [string, T][];
  entries(target: {}): [string, any][];
  fromEntries<T = any>(entries: readonly (readonly [PropertyKey, T])[]): { [key: string]: T };
  getOwnPropertyDescriptor(target: any, key: PropertyKey): PropertyDescriptor | undefined;
  getOwnPropertyDescriptors(target: any): PropertyDescriptorMap;
  getOwnPropertyNames(target: any): string[];
  getPrototypeOf(target: any): any;
  keys(target: object): string[];
  setPrototypeOf(target: any, prototype: object | null): any;
  values<T>(target: { [key: string]: T } | ArrayLike<T>): T[];
  values(target: {}): any[];
}
declare const Object: ObjectConstructor;

interface Function {
  apply(self: any, values?: any): any;
  call(self: any, ...values: any[]): any;
  bind(self: any, ...values: any[]): any;
  toString(): string;
  prototype: any;
}
interface FunctionConstructor {
  new (...source: string[]): Function;
  readonly prototype: Function;
}
declare const Function: FunctionConstructor;
interface CallableFunction extends Function {
  apply<T, R>(this: (this: T) => R, self: T): R;
  apply<T, A extends any[], R>(this: (this: T, ...values: A) => R, self: T, values: A): R;
  call<T, A extends any[], R>(this: (this: T, ...values: A) => R, self: T, ...values: A): R;
  bind<T>(this: T, self: ThisParameterType<T>): OmitThisParameter<T>;
  bind<T, A extends any[], B extends any[], R>(this: (this: T, ...values: [...A, ...B]) => R, self: T, ...values: A): (...values: B) => R;
}
interface NewableFunction extends Function {}
interface IArguments {
  [index: number]: any;
  readonly length: number;
}

interface String {
  readonly length: number;
  readonly [index: number]: string;
  charAt(index: number): string;
  charCodeAt(index: number): number;
  concat(...texts: string[]): string;
  endsWith(search: string, end?: number): boolean;
  includes(search: string, from?: number): boolean;
  indexOf(search: string, from?: number): number;
  lastIndexOf(search: string, from?: number): number;
  match(pattern: RegExp): RegExpMatchArray | null;
  padEnd(length: number, filler?: string): string;
  padStart(length: number, filler?: string): string;
  repeat(count: number): string;
  /** With `text` it takes no function. */
  replace(text: string, replacement: string): string;
  replace(pattern: RegExp, replacement: string): string;
  replace(pattern: RegExp, replacement: (match: string, ...groups: any[]) => string): string;
  replaceAll(text: string, replacement: string): string;
  replaceAll(pattern: RegExp, replacement: string): string;
  replaceAll(pattern: RegExp, replacement: (match: string, ...groups: any[]) => string): string;
  slice(start?: number, end?: number): string;
  /** Without a limit. */
  split(separator: string | RegExp): string[];
  startsWith(search: string, from?: number): boolean;
  substr(from: number, length?: number): string;
  substring(start: number, end?: number): string;
  toLowerCase(): string;
  toString(): string;
  toUpperCase(): string;
  trim(): string;
  valueOf(): string;
}
interface StringConstructor {
  (value?: any): string;
  readonly prototype: String;
  fromCharCode(...codes: number[]): string;
}
declare const String: StringConstructor;
interface TemplateStringsArray extends ReadonlyArray<string> {
  readonly raw: readonly string[];
}

interface Boolean {
  toString(): string;
  valueOf(): boolean;
}
interface BooleanConstructor {
  <T>(value?: T): boolean;
  readonly prototype: Boolean;
}
declare const Boolean: BooleanConstructor;

interface Number {
  toFixed(digits?: number): string;
  toString(radix?: number): string;
  valueOf(): number;
}
interface NumberConstructor {
  (value?: any): number;
  readonly prototype: Number;
  readonly MAX_VALUE: number;
  readonly MIN_VALUE: number;
  readonly NaN: number;
  readonly NEGATIVE_INFINITY: number;
  readonly POSITIVE_INFINITY: number;
}
declare const Number: NumberConstructor;

interface Symbol {
  toString(): string;
}

interface Math {
  readonly E: number;
  readonly LN10: number;
  readonly LN2: number;
  readonly LOG10E: number;
  readonly LOG2E: number;
  readonly PI: number;
  readonly SQRT1_2: number;
  readonly SQRT2: number;
  abs(x: number): number;
  acos(x: number): number;
  asin(x: number): number;
  atan(x: number): number;
  atan2(y: number, x: number): number;
  ceil(x: number): number;
  cos(x: number): number;
  exp(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(...values: number[]): number;
  min(...values: number[]): number;
  pow(x: number, y: number): number;
  random(): number;
  round(x: number): number;
  sign(x: number): number;
  sin(x: number): number;
  sqrt(x: number): number;
  tan(x: number): number;
}
declare const Math: Math;

interface JSON {
  /** Without a reviver. */
  parse(text: string): any;
  /** Whatever a replacer is, it is ignored. */
  stringify(value: any, replacer?: null, space?: string | number): string;
}
declare const JSON: JSON;

interface Date {
  getDate(): number;
  getDay(): number;
  getFullYear(): number;
  getHours(): number;
  getMilliseconds(): number;
  getMinutes(): number;
  getMonth(): number;
  getSeconds(): number;
  getTime(): number;
  getTimezoneOffset(): number;
  getUTCDate(): number;
  getUTCDay(): number;
  getUTCFullYear(): number;
  getUTCHours(): number;
  getUTCMilliseconds(): number;
  getUTCMinutes(): number;
  getUTCMonth(): number;
  getUTCSeconds(): number;
  setDate(day: number): number;
  setFullYear(year: number, month?: number, day?: number): number;
  setHours(hours: number, minutes?: number, seconds?: number, ms?: number): number;
  setMilliseconds(ms: number): number;
  setMinutes(minutes: number, seconds?: number, ms?: number): number;
  setMonth(month: number, day?: number): number;
  setSeconds(seconds: number, ms?: number): number;
  setTime(ms: number): number;
  toISOString(): string;
  toJSON(): string;
  toString(): string;
  toUTCString(): string;
  valueOf(): number;
}
interface DateConstructor {
  new (value?: number | string): Date;
  new (year: number, month: number, day?: number, hours?: number, minutes?: number, seconds?: number, ms?: number): Date;
  readonly prototype: Date;
  now(): number;
  parse(text: string): number;
}
declare const Date: DateConstructor;

interface RegExpMatchArray extends Array<string> {
  index?: number;
  input?: string;
  0: string;
}
interface RegExpExecArray extends Array<string> {
  index: number;
  input: string;
  0: string;
}
interface RegExp {
  exec(text: string): RegExpExecArray | null;
  test(text: string): boolean;
  readonly source: string;
  lastIndex: number;
}
interface RegExpConstructor {
  new (pattern: string, flags?: string): RegExp;
  (pattern: string, flags?: string): RegExp;
  readonly prototype: RegExp;
}
declare const RegExp: RegExpConstructor;

/** Its `name` does not exist, nor a `cause`. */
interface Error {
  message: string;
  stack?: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
  (message?: string): Error;
  readonly prototype: Error;
}
declare const Error: ErrorConstructor;
declare const TypeError: ErrorConstructor;
declare const SyntaxError: ErrorConstructor;
declare const ReferenceError: ErrorConstructor;

interface ArrayLike<T> {
  readonly length: number;
  readonly [index: number]: T;
}
interface ConcatArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  join(separator?: string): string;
  slice(start?: number, end?: number): T[];
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  every<S extends T>(test: (value: T, index: number, array: readonly T[]) => value is S, self?: object): this is readonly S[];
  every(test: (value: T, index: number, array: readonly T[]) => unknown, self?: object): boolean;
  filter<S extends T>(test: (value: T, index: number, array: readonly T[]) => value is S, self?: object): S[];
  filter(test: (value: T, index: number, array: readonly T[]) => unknown, self?: object): T[];
  find<S extends T>(test: (value: T, index: number, array: readonly T[]) => value is S): S | undefined;
  find(test: (value: T, index: number, array: readonly T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, array: readonly T[]) => unknown): number;
  forEach(callback: (value: T, index: number, array: readonly T[]) => void, self?: object): void;
  includes(value: T, from?: number): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  map<U>(callback: (value: T, index: number, array: readonly T[]) => U, self?: object): U[];
  reduce(callback: (sum: T, value: T, index: number, array: readonly T[]) => T, first?: T): T;
  reduce<U>(callback: (sum: U, value: T, index: number, array: readonly T[]) => U, first: U): U;
  slice(start?: number, end?: number): T[];
  some(test: (value: T, index: number, array: readonly T[]) => unknown, self?: object): boolean;
  toString(): string;
}
interface Array<T> {
  /** Setting it throws. */
  readonly length: number;
  [index: number]: T;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  every<S extends T>(test: (value: T, index: number, array: T[]) => value is S, self?: object): this is S[];
  every(test: (value: T, index: number, array: T[]) => unknown, self?: object): boolean;
  fill(value: T, start?: number, end?: number): this;
  filter<S extends T>(test: (value: T, index: number, array: T[]) => value is S, self?: object): S[];
  filter(test: (value: T, index: number, array: T[]) => unknown, self?: object): T[];
  find<S extends T>(test: (value: T, index: number, array: T[]) => value is S): S | undefined;
  find(test: (value: T, index: number, array: T[]) => unknown): T | undefined;
  findIndex(test: (value: T, index: number, array: T[]) => unknown): number;
  forEach(callback: (value: T, index: number, array: T[]) => void, self?: object): void;
  includes(value: T, from?: number): boolean;
  indexOf(value: T, from?: number): number;
  join(separator?: string): string;
  map<U>(callback: (value: T, index: number, array: T[]) => U, self?: object): U[];
  pop(): T | undefined;
  push(...items: T[]): number;
  reduce(callback: (sum: T, value: T, index: number, array: T[]) => T, first?: T): T;
  reduce<U>(callback: (sum: U, value: T, index: number, array: T[]) => U, first: U): U;
  reverse(): T[];
  shift(): T | undefined;
  slice(start?: number, end?: number): T[];
  some(test: (value: T, index: number, array: T[]) => unknown, self?: object): boolean;
  sort(compare?: (a: T, b: T) => number): this;
  splice(start: number, count?: number, ...items: T[]): T[];
  toString(): string;
  unshift(...items: T[]): number;
}
interface ArrayConstructor {
  new <T = any>(length?: number): T[];
  new <T>(...items: T[]): T[];
  <T = any>(length?: number): T[];
  <T>(...items: T[]): T[];
  readonly prototype: any[];
  isArray(value: any): value is any[];
}
declare const Array: ArrayConstructor;

interface ArrayBuffer {
  readonly byteLength: number;
}
interface ArrayBufferConstructor {
  new (byteLength: number): ArrayBuffer;
  readonly prototype: ArrayBuffer;
}
declare const ArrayBuffer: ArrayBufferConstructor;

/** All typed arrays; `Self` is one of them. */
interface EspruinoTypedArray<Self> {
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  readonly length: number;
  [index: number]: number;
  every(test: (value: number, index: number, array: Self) => unknown, self?: object): boolean;
  fill(value: number, start?: number, end?: number): this;
  /** An Array here. */
  filter(test: (value: number, index: number, array: Self) => unknown, self?: object): number[];
  find(test: (value: number, index: number, array: Self) => unknown): number | undefined;
  findIndex(test: (value: number, index: number, array: Self) => unknown): number;
  forEach(callback: (value: number, index: number, array: Self) => void, self?: object): void;
  includes(value: number, from?: number): boolean;
  indexOf(value: number, from?: number): number;
  join(separator?: string): string;
  map(callback: (value: number, index: number, array: Self) => number, self?: object): Self;
  reduce(callback: (sum: number, value: number, index: number, array: Self) => number, first?: number): number;
  reduce<U>(callback: (sum: U, value: number, index: number, array: Self) => U, first: U): U;
  reverse(): this;
  set(values: ArrayLike<number>, offset?: number): void;
  /** An Array here. */
  slice(start?: number, end?: number): number[];
  some(test: (value: number, index: number, array: Self) => unknown, self?: object): boolean;
  sort(compare?: (a: number, b: number) => number): this;
  subarray(start: number, end?: number): Self;
  toString(): string;
}
interface EspruinoTypedArrayConstructor<Self> {
  new (length: number): Self;
  new (values: readonly number[] | EspruinoTypedArray<any>): Self;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): Self;
  readonly prototype: Self;
}
interface Uint8Array extends EspruinoTypedArray<Uint8Array> {}
interface Uint8ClampedArray extends EspruinoTypedArray<Uint8ClampedArray> {}
interface Int8Array extends EspruinoTypedArray<Int8Array> {}
interface Uint16Array extends EspruinoTypedArray<Uint16Array> {}
interface Int16Array extends EspruinoTypedArray<Int16Array> {}
interface Uint32Array extends EspruinoTypedArray<Uint32Array> {}
interface Int32Array extends EspruinoTypedArray<Int32Array> {}
interface Float32Array extends EspruinoTypedArray<Float32Array> {}
interface Float64Array extends EspruinoTypedArray<Float64Array> {}
declare const Uint8Array: EspruinoTypedArrayConstructor<Uint8Array>;
declare const Uint8ClampedArray: EspruinoTypedArrayConstructor<Uint8ClampedArray>;
declare const Int8Array: EspruinoTypedArrayConstructor<Int8Array>;
declare const Uint16Array: EspruinoTypedArrayConstructor<Uint16Array>;
declare const Int16Array: EspruinoTypedArrayConstructor<Int16Array>;
declare const Uint32Array: EspruinoTypedArrayConstructor<Uint32Array>;
declare const Int32Array: EspruinoTypedArrayConstructor<Int32Array>;
declare const Float32Array: EspruinoTypedArrayConstructor<Float32Array>;
declare const Float64Array: EspruinoTypedArrayConstructor<Float64Array>;

interface DataView {
  readonly buffer: ArrayBuffer;
  readonly byteLength: number;
  readonly byteOffset: number;
  getFloat32(at: number, littleEndian?: boolean): number;
  getFloat64(at: number, littleEndian?: boolean): number;
  getInt16(at: number, littleEndian?: boolean): number;
  getInt32(at: number, littleEndian?: boolean): number;
  getInt8(at: number): number;
  getUint16(at: number, littleEndian?: boolean): number;
  getUint32(at: number, littleEndian?: boolean): number;
  getUint8(at: number): number;
  setFloat32(at: number, value: number, littleEndian?: boolean): void;
  setFloat64(at: number, value: number, littleEndian?: boolean): void;
  setInt16(at: number, value: number, littleEndian?: boolean): void;
  setInt32(at: number, value: number, littleEndian?: boolean): void;
  setInt8(at: number, value: number): void;
  setUint16(at: number, value: number, littleEndian?: boolean): void;
  setUint32(at: number, value: number, littleEndian?: boolean): void;
  setUint8(at: number, value: number): void;
}
interface DataViewConstructor {
  new (buffer: ArrayBuffer, byteOffset?: number, byteLength?: number): DataView;
  readonly prototype: DataView;
}
declare const DataView: DataViewConstructor;

interface PromiseLike<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): PromiseLike<A | B>;
}
interface Promise<T> {
  then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: any) => B | PromiseLike<B>) | null,
  ): Promise<A | B>;
  catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<T | B>;
}
interface PromiseConstructor {
  new <T>(executor: (resolve: (value: T | PromiseLike<T>) => void, reject: (reason?: any) => void) => void): Promise<T>;
  readonly prototype: Promise<any>;
  all<T extends readonly unknown[] | []>(values: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }>;
  reject<T = never>(reason?: any): Promise<T>;
  resolve(): Promise<void>;
  resolve<T>(value: T | PromiseLike<T>): Promise<Awaited<T>>;
}
declare const Promise: PromiseConstructor;

/* What the language computes with types: as everywhere. */
type Awaited<T> = T extends null | undefined
  ? T
  : T extends object & { then(fulfilled: infer F, ...rest: infer _): any }
    ? F extends (value: infer V, ...rest: infer _) => any
      ? Awaited<V>
      : never
    : T;
type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<T extends (...values: any) => any> = T extends (...values: infer P) => any ? P : never;
type ConstructorParameters<T extends abstract new (...values: any) => any> = T extends abstract new (...values: infer P) => any ? P : never;
type ReturnType<T extends (...values: any) => any> = T extends (...values: any) => infer R ? R : any;
type InstanceType<T extends abstract new (...values: any) => any> = T extends abstract new (...values: any) => infer R ? R : any;
type ThisParameterType<T> = T extends (this: infer U, ...values: never) => any ? U : unknown;
type OmitThisParameter<T> = unknown extends ThisParameterType<T> ? T : T extends (...values: infer A) => infer R ? (...values: A) => R : T;
type Uppercase<S extends string> = intrinsic;
type Lowercase<S extends string> = intrinsic;
type Capitalize<S extends string> = intrinsic;
type Uncapitalize<S extends string> = intrinsic;
type NoInfer<T> = intrinsic;
type ThisType<T> = {};
