/**
 * The part of the library (language.d.ts) that is arrays, typed arrays and views. `slice` and `filter` of a
 * typed array give an Array here.
 */

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
