// loop 1
while (true) { }
// loop 2
for (;;);
// loop 3
do { } while (1)
// loop 4
a: for (;;) { for (;;) { continue a; } }
// loop 5
var i = 0; while (i >= 0) i++;
// loop 6
for (const x of (function* () { while (true) yield 1; })()) { }
// loop 7
for (var k in { get a() { while (true); } }) { } ({ get a() { while (true) { } } }).a
// loop 8
try { while (true) { } } finally { while (true) { } }
// loop 9
try { while (true) { } } catch (e) { while (true) { } }
// loop 10
var n = 0; outer: while (true) { inner: while (true) { if (n++ % 2) continue outer; else break inner; } }
// loop 11
switch (1) { case 1: for (;;) { } }
// loop 12
for (let i = 0; ; i++) { let j = i; }
// loop 13
while (true) { try { throw 1; } catch { } finally { } }
// loop 14
let x = 1; while (x ||= 1) { }
// loop 15
for (var i = 0, f = []; ; i++) f[i & 7] = () => i;
// recursion 1
var f = function () { return f(); }; f()
// recursion 2
function make() { return function () { return make()(); }; } make()()
// recursion 3
var o = { valueOf: function () { return +o; } }; +o
// recursion 4
var o = { toString: function () { return String(o); } }; '' + o
// recursion 5
var o = {}; Object.defineProperty(o, 'x', { get: function () { return o.x; } }); o.x
// recursion 6
var p = new Proxy({}, { get: (t, k, r) => r[k] }); p.x
// recursion 7
const f = n => g(n + 1), g = n => f(n + 1); f(0)
// recursion 8
class A { get x() { return this.x; } } new A().x
// recursion 9
class A { constructor() { new A(); } } new A()
// recursion 10
var o = { toJSON() { return JSON.stringify(o); } }; JSON.stringify(o)
// recursion 11
[1].map(function f(x) { return [x].map(f); })
// recursion 12
var a = [1, 2]; a.sort(function c() { return a.slice().sort(c), 0; })
// recursion 13
'x'.replace(/x/, function f(m) { return m.replace(/x/, f); })
// recursion 14
function f() { try { f(); } finally { f(); } } f()
// recursion 15
function f() { try { return f(); } catch (e) { return f(); } } f()
// recursion 16
async function f() { return await f(); } f()
// recursion 17
const f = (s, ...v) => f`${v}`; f`x`
// recursion 18
var p = new Proxy(function () { }, { apply: (t, s, a) => p(...a) }); p()
// recursion 19
Reflect.apply(function f() { return Reflect.apply(f, null, []); }, null, [])
// recursion 20
var o = { get [Symbol.toPrimitive]() { return () => `${o}`; } }; `${o}`
// recursion 21
var o = { [Symbol.iterator]() { return [...o]; } }; [...o]
// recursion 22
function f(a = f()) { } f()
// recursion 23
var { x = (function f() { return f(); })() } = {}; x
// recursion 24
class A { static [Symbol.hasInstance](x) { return x instanceof A; } } 1 instanceof A
// stack 1
var f = function () { }; for (var i = 0; i < 10000; i++) f = f.bind(null); f()
// stack 2
var f = function () { }; for (var i = 0; i < 10000; i++) f = f.bind(null); ({}) instanceof f
// stack 3
var f = function () { }; for (var i = 0; i < 100000; i++) f = f.bind(null); new f()
// stack 4
var p = {}; for (var i = 0; i < 100000; i++) p = new Proxy(p, {}); p.x
// stack 5
var p = {}; for (var i = 0; i < 100000; i++) p = new Proxy(p, {}); Object.keys(p)
// stack 6
var o = {}; for (var i = 0; i < 100000; i++) o = Object.create(o); o.missing
// stack 7
var a = []; for (var i = 0; i < 100000; i++) a = [a]; JSON.stringify(a)
// stack 8
var a = []; for (var i = 0; i < 100000; i++) a = [a]; '' + a
// stack 9
var a = []; for (var i = 0; i < 100000; i++) a = [a]; a.flat(Infinity)
// stack 10
var a = []; for (var i = 0; i < 100000; i++) a = [a]; a
// stack 11
var o = {}; for (var i = 0; i < 100000; i++) o = { o }; o
// stack 12
var t = '['.repeat(200000); JSON.parse(t)
// stack 13
var t = '{"a":'.repeat(100000); JSON.parse(t)
// stack 14
JSON.parse('['.repeat(50000) + ']'.repeat(50000))
// stack 15
var p = Promise.resolve(); for (var i = 0; i < 100000; i++) p = p.then(() => p); p
// stack 16
var s = 'a'; for (var i = 0; i < 200000; i++) s = s + 'b'; s.length
// stack 17
var s = 'a'; for (var i = 0; i < 200000; i++) s = 'b' + s; s.length
// stack 18
new RegExp('('.repeat(20000) + ')'.repeat(20000))
// stack 19
new RegExp('(?:'.repeat(20000) + 'a' + ')*'.repeat(20000)).test('a')
// stack 20
var f = x => x; for (var i = 0; i < 20000; i++) { const g = f; f = x => g(x); } f(1)
// stack 21
var c = class { }; for (var i = 0; i < 5000; i++) c = class extends c { }; new c()
// stack 22
var f = () => 1; for (var i = 0; i < 20000; i++) { const g = f; f = { get x() { return g.x ?? g; } }; } f.x
// stack 23
var e = new Error('x'); for (var i = 0; i < 100000; i++) e = new Error('x', { cause: e }); throw e
// dates 1
Date.UTC(1e9, 0)
// dates 2
new Date(1e17, 0)
// dates 3
new Date(0).setFullYear(1e9)
// dates 4
new Date(0).setUTCFullYear(-1e9)
// dates 5
new Date(0).setMonth(1e15)
// dates 6
new Date(8.64e15).toString()
// dates 7
new Date(-8.64e15)
// dates 8
new Date(8.64e15)
// dates 9
new Date(NaN).toISOString()
// dates 10
Date.parse('x'.repeat(200000))
// dates 11
new Date(1e300, 1e300, 1e300)
// dates 12
for (var i = 0; i < 1e5; i++) new Date(1e17 + i, 0)
// dates 13
new Date(0).setDate(1e18)
// dates 14
new Date(2026, 0, 1e12).toLocaleString()
// numbers 1
parseInt('f'.repeat(160000), 16)
// numbers 2
parseInt('1'.repeat(200000), 2)
// numbers 3
parseFloat('9'.repeat(500000))
// numbers 4
Number('0x' + 'f'.repeat(200000))
// numbers 5
Number('1' + '0'.repeat(300000))
// numbers 6
(1e308).toFixed(100)
// numbers 7
(0.1).toString(36)
// numbers 8
(1e21).toString(2)
// numbers 9
var b = 2n ** 100000n; b * b * b * b * b
// numbers 10
2n ** 10000000n
// numbers 11
var b = 3n; while (true) b = b * b;
// numbers 12
BigInt('9'.repeat(500000))
// numbers 13
BigInt('0x' + 'f'.repeat(500000)).toString()
// numbers 14
(2n ** 200000n).toString(10)
// numbers 15
BigInt.asUintN(2 ** 53 - 1, -1n)
// numbers 16
1n << 1000000000n
// numbers 17
(7n ** 50000n) % (3n ** 20000n) / (5n ** 1000n)
// numbers 18
5n
// numbers 19
Math.max(...new Array(1e6).fill(1))
// numbers 20
Math.max.apply(null, { length: 100000000 })
// numbers 21
String.fromCharCode.apply(null, { length: 4294967295 })
// numbers 22
(123.456).toPrecision(100)
// text 1
'x'.repeat(2 ** 28)
// text 2
'x'.repeat(2 ** 53)
// text 3
'x'.padStart(2 ** 28, 'ab')
// text 4
'x'.padEnd(2 ** 30)
// text 5
var s = 'xxxxxxxxxxxxxxxx'; while (true) s += s;
// text 6
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s + s;
// text 7
var o = { s: 'xxxxxxxxxxxxxxxx' }; while (true) o.s += o.s;
// text 8
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s.concat(s);
// text 9
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s.replace(/x/g, 'xx');
// text 10
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = s.replaceAll('x', 'xx');
// text 11
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = [s, s].join('');
// text 12
var s = 'xxxxxxxxxxxxxxxx'; while (true) s = `${s}${s}`;
// text 13
var s = 'x'.repeat(1e6); s.split('')
// text 14
var s = 'x'.repeat(1e6); s.split('').map(c => s).join('')
// text 15
'x'.repeat(1e6).replaceAll('x', 'x'.repeat(1e4))
// text 16
'\u0344'.repeat(1e6).normalize('NFKD').normalize('NFC')
// text 17
var s = 'x'.repeat(65536); var a = []; for (var i = 0; i < 10000; i++) a.push(s); a.sort()
// text 18
var s = 'x'.repeat(65536); var a = []; for (var i = 0; i < 10000; i++) a.push(s); JSON.stringify(a)
// text 19
var s = 'x'.repeat(1e6); for (var i = 0; i < 1e5; i++) s.localeCompare(s + 'y')
// text 20
'a'.repeat(1e6).indexOf('a'.repeat(5e5) + 'b')
// text 21
var s = 'ab'.repeat(1e5); for (var i = 0; i < 1e4; i++) s.lastIndexOf('ba'.repeat(1e4) + 'c')
// text 22
encodeURIComponent('\u00e9'.repeat(5e6))
// text 23
escape('\u0100'.repeat(5e6))
// text 24
decodeURIComponent('%41'.repeat(2e6))
// text 25
'x'.repeat(5e6).toUpperCase().toLowerCase().trim().at(-1)
// text 26
[...'x'.repeat(3e6)]
// text 27
String.raw({ raw: { length: 1e9 } })
// text 28
'x'.repeat(6e5)
// text 29
stringToBase64('x'.repeat(2e7))
// text 30
toJson('x'.repeat(2e7))
// text 31
Array.from('x'.repeat(2e6), (c, i) => c + i).join()
// text 32
'x'.repeat(1e6).match(/x/g).length
// text 33
[...'ab'.repeat(2e5).matchAll(/(a)(b)/g)]
// text 34
'x'.at(1e300) + 'x'.codePointAt(-1) + 'y'.repeat(1e5).substring(1).split('y').length
// lists 1
new Array(4294967295).join('x')
// lists 2
new Array(2 ** 32 - 1).fill(0)
// lists 3
var a = []; a.length = 4294967295; a.sort()
// lists 4
var a = []; a[4294967294] = 1; a.indexOf(2)
// lists 5
var a = []; a[4294967294] = 1; a
// lists 6
var a = [1]; while (true) a = a.concat(a);
// lists 7
var a = [1]; while (true) a.push(...a);
// lists 8
var a = [1]; while (true) a.push.apply(a, a);
// lists 9
Array.prototype.map.call({ length: 4294967295 }, x => x)
// lists 10
var n = 0; var o = { get length() { return n++ ? 4294967295 : 1; } }; Array.prototype.join.call(o)
// lists 11
Array.from({ length: 1e9 })
// lists 12
Array.from({ length: 1e9 }, (v, i) => i)
// lists 13
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; a.join()
// lists 14
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; '' + a
// lists 15
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; JSON.stringify(a)
// lists 16
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; a.flat(Infinity)
// lists 17
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; a
// lists 18
var a = ['x']; for (var i = 0; i < 20; i++) a = [a, a]; toJson(a)
// lists 19
var o = {}; for (var i = 0; i < 30; i++) o = { a: o, b: o }; o
// lists 20
var a = []; a[0] = a; a
// lists 21
var a = []; a[0] = a; '' + a
// lists 22
var o = {}; o.o = o; JSON.stringify(o)
// lists 23
var a = []; for (var i = 0; i < 1000; i++) a.push(i); var f = a.forEach; a.forEach(f.bind(a, f.bind(a, f.bind(a, isNaN))))
// lists 24
var a = Array.from({ length: 900 }, (v, i) => i); a.map(a.map.bind(a, a.map.bind(a, a.map.bind(a, Math.abs))))
// lists 25
[1, 2, 3].sort(() => { while (true); })
// lists 26
var a = Array.from({ length: 15000 }, (v, i) => i % 7); a.sort((x, y) => Math.random() - 0.5).toSorted().toReversed().with(0, 1)
// lists 27
var a = []; for (var i = 0; i < 1e7; i++) a.unshift(i);
// lists 28
var a = Array(1e5).fill(0); while (true) a.splice(0, 1, 0);
// lists 29
Array.prototype.reverse.call({ length: 2 ** 53 - 1 })
// lists 30
Array.prototype.fill.call({ length: 2 ** 53 - 1 }, 0)
// lists 31
Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)
// lists 32
Array.prototype.splice.call({ length: 2 ** 53 - 1 }, 0, 2 ** 53 - 1)
// lists 33
var a = [1, 2, 3]; for (const x of a) a.push(x);
// lists 34
var a = [1]; a.forEach(function f(x) { a.push(x); a.forEach(f); })
// lists 35
Object.groupBy(Array.from({ length: 1e6 }), (v, i) => i)
// lists 36
var a = []; for (var i = 0; i < 25000; i++) a.push(i); a
// lists 37
Object.fromEntries(Array.from({ length: 1e6 }, (v, i) => [i, i]))
// lists 38
[[]].flatMap(function f(x) { return [x, x].flatMap(f); })
// lists 39
var o = {}; for (var i = 0; ; i++) o['k' + i] = i;
// lists 40
structuredClone({ a: 1 })
// buffers 1
new ArrayBuffer(2 ** 30)
// buffers 2
new ArrayBuffer(2 ** 53)
// buffers 3
new Uint8Array(2 ** 31)
// buffers 4
new Float64Array(1e8)
// buffers 5
var a = []; while (true) a.push(new ArrayBuffer(1e7));
// buffers 6
new Uint8Array(1e7).sort()
// buffers 7
var u = new Uint8Array(2e7); while (true) u.fill(1);
// buffers 8
new ArrayBuffer(8, { maxByteLength: 2 ** 40 }).resize(2 ** 40)
// buffers 9
new Uint8Array(1e7).join('x')
// buffers 10
[...new Uint16Array(1e7)]
// buffers 11
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
// buffers 12
new SharedArrayBuffer(2 ** 30)
// buffers 13
var u = new BigInt64Array(1e6); u.map(x => 2n ** 60n)
// buffers 14
new DataView(new ArrayBuffer(1e9)).getFloat64(0)
// buffers 15
new Uint8Array(20000)
// pattern 1
/(a+)+b/.test('a'.repeat(40))
// pattern 2
new RegExp('(a+)+b').exec('a'.repeat(40))
// pattern 3
'a'.repeat(40).match('(a+)+b')
// pattern 4
'a'.repeat(40).split(/(a+)+b/)
// pattern 5
('a'.repeat(30) + 'c').repeat(500).replace(/(a+)+b|c/g, '')
// pattern 6
/(.*)*x/.test('y'.repeat(30))
// pattern 7
/^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(50))
// pattern 8
/(?=(a+))a*b\1/.test('a'.repeat(5000))
// pattern 9
/(x+x+)+y/u.test('x'.repeat(40))
// pattern 10
/(?<=(a+)+)b/.test('a'.repeat(40))
// pattern 11
/(a|aa)+$/.test('a'.repeat(60) + 'b')
// pattern 12
while (true) /a/.test('a')
// pattern 13
new RegExp('a{1,2147483647}').test('a')
// pattern 14
new RegExp('(a{1,1000}){1,1000}b').test('a'.repeat(3000))
// pattern 15
new RegExp('[' + 'a-z'.repeat(100000) + ']')
// pattern 16
var r = /a/g; r.exec = () => ['x']; 'aaa'.replace(r, 'b')
// pattern 17
var r = /a/g; r.exec = () => ({ index: 0, 0: '' }); 'aaa'.match(r)
// pattern 18
'a'.repeat(1e5).replace(/a*?$/g, '')
// pattern 19
('ab'.repeat(5e4)).split(/(?:)/u).length
// pattern 20
var r = /(?:)/g; while (r.exec('abc')) { }
// promise 1
new Promise(() => { })
// promise 2
(async () => { while (true) await 0; })()
// promise 3
(async function f() { await 0; return f(); })()
// promise 4
var f = () => Promise.resolve().then(f); f()
// promise 5
Promise.all(Array.from({ length: 1e5 }, () => new Promise(() => { })))
// promise 6
Promise.reject(new Error('no'))
// promise 7
Promise.reject({ get message() { while (true); } })
// promise 8
({ then(done) { this.then(done); } })
// promise 9
(async () => ({ then(done) { done(this); } }))()
// promise 10
Promise.resolve({ then: function f(r) { r({ then: f }); } })
// promise 11
var p; p = new Promise(r => setTimeout(r, 1)); p
// promise 12
for await (const x of []) { }
// promise 13
(async () => { for await (const x of (async function* () { while (true) yield 1; })()) { } })()
// promise 14
Promise.race([])
// promise 15
Promise.resolve().then(() => { leak = 1; variables.leak = 1; }); 1
// promise 16
Promise.resolve().then(() => { Object.prototype.leak = 1; }); 1
// promise 17
queueMicrotask(function f() { queueMicrotask(f); })
// promise 18
(async () => { try { await new Promise(() => { }); } finally { while (true); } })()
// result 1
({ get a() { while (true); } })
// result 2
({ toJSON() { while (true); } })
// result 3
({ valueOf() { while (true); } })
// result 4
new Proxy({}, { ownKeys() { while (true); } })
// result 5
new Proxy([], { get(t, k) { return k === 'length' ? 20000 : 'x'.repeat(5000); } })
// result 6
new Proxy([], { get(t, k) { return k === 'length' ? 4294967295 : 1; } })
// result 7
new Proxy({}, { ownKeys: () => Array.from({ length: 1e5 }, (v, i) => 'k' + i), getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }) })
// result 8
var o = {}; for (var i = 0; i < 1e5; i++) o['k'.repeat(100) + i] = 1; o
// result 9
var o = {}; o['k'.repeat(1e7)] = 1; o
// result 10
Array.from({ length: 20000 }, () => 'x'.repeat(10000))
// result 11
Symbol('x')
// result 12
({ a: Symbol('x') })
// result 13
10n ** 50n
// result 14
new Map([[1, 2]])
// result 15
new Set(Array(1e4).fill(1))
// result 16
new WeakRef({})
// result 17
function* f() { while (true) yield 1; } f()
// result 18
({ [Symbol.toPrimitive]() { while (true); } }) + 1
// result 19
class E extends Error { get message() { while (true); } } throw new E()
// result 20
throw { toString() { while (true); } }
// result 21
throw 'x'.repeat(1e7)
// result 22
throw new Error('x'.repeat(1e7))
// result 23
var e = new Error('x'); Object.defineProperty(e, 'stack', { get() { while (true); } }); throw e
// result 24
var e = new Error(); Object.defineProperty(e, 'message', { get() { throw e; } }); throw e
// result 25
throw new Proxy(new Error('x'), { get() { while (true); } })
// result 26
throw undefined
// result 27
throw null
// result 28
throw Symbol('x')
// result 29
throw function () { while (true); }
// result 30
({ __proto__: { get a() { while (true); } }, b: 1 })
// result 31
'\ud800'
// result 32
({ '\ud800': '\udfff' })
// result 33
[, , 1]
// result 34
new Array(20001)
// result 35
-0
// result 36
new String('x'.repeat(1e6))
// result 37
Object.create(null)
// result 38
new Proxy(function () { }, { get() { while (true); } })
// result 39
var { proxy, revoke } = Proxy.revocable({}, {}); revoke(); proxy
// result 40
variables
// result 41
getVariable
// result 42
globalThis
// result 43
this
// escape 1
(function () { }).constructor('return 1')()
// escape 2
Function('while (true);')()
// escape 3
eval('1')
// escape 4
[].map.constructor('return 1')()
// escape 5
(async () => { }).constructor('return 1')()
// escape 6
(function* () { }).constructor('while (true) yield 1')().next()
// escape 7
(async function* () { }).constructor('return 1')()
// escape 8
new ShadowRealm().evaluate('1')
// escape 9
import('fs')
// escape 10
import.meta
// escape 11
require('fs')
// escape 12
System.IO.File.ReadAllText('/etc/passwd')
// escape 13
importNamespace('System')
// escape 14
getVariable.constructor('return 1')()
// escape 15
getVariable('list').GetType()
// escape 16
setTimeout('while (true);', 0)
// escape 17
new (getVariable.constructor)('return 1')
// escape 18
globalThis.constructor.constructor('return 1')()
// escape 19
with (variables) { n }
// escape 20
arguments.callee.caller
// escape 21
Reflect.construct(Object.getPrototypeOf(async function () { }).constructor, ['return 1'])
// escape 22
Error.prepareStackTrace = (e, s) => s; new Error().stack
// escape 23
console.log('x'.repeat(1e8))
// escape 24
process.exit(1)
// escape 25
Deno.exit(1)
// escape 26
quit()
// escape 27
debugger; 1
// escape 28
document.cookie
// leave 1
leak = 1
// leave 2
this.leak = 1
// leave 3
globalThis.leak = 1
// leave 4
var leak = 1
// leave 5
Object.prototype.leak = 1
// leave 6
Array.prototype.leak = 1
// leave 7
Object.defineProperty(variables, 'leak', { value: 'x'.repeat(1e6) })
// leave 8
Object.defineProperty(variables, 'leak', { get() { while (true); }, configurable: true, enumerable: true })
// leave 9
variables.leak = 1
// leave 10
variables.__proto__ = { leak: 1 }
// leave 11
Object.setPrototypeOf(variables, { leak: 1 })
// leave 12
Reflect.defineProperty(variables, 'leak', { value: 1 })
// leave 13
variables.list.leak = 1; variables.list.push(9)
// leave 14
getVariable('list').push('leak')
// leave 15
getVariable.leak = 1
// leave 16
Array.prototype.map = () => 'leak'
// leave 17
Array.prototype.join.leak = 1
// leave 18
JSON.parse = () => 'leak'
// leave 19
Math.max.leak = 1
// leave 20
Promise.prototype.then = () => 'leak'
// leave 21
Symbol.prototype.leak = 1
// leave 22
Map.prototype.leak = 1
// leave 23
Object.getPrototypeOf(function* () { }).leak = 1
// leave 24
Object.getPrototypeOf([][Symbol.iterator]()).leak = 1
// leave 25
Object.getPrototypeOf(/a/).leak = 1
// leave 26
Object.getPrototypeOf(new Uint8Array(1)).leak = 1
// leave 27
delete Array.prototype.map
// leave 28
delete globalThis.JSON
// leave 29
RegExp.$1 = 'leak'; /(leak)/.test('leak')
// leave 30
Object.freeze(Array.prototype)
// leave 31
Object.assign(Object.prototype, { leak: 1 })
// leave 32
Error.prototype.message = 'leak'; Error.prototype.name = 'leak'
// leave 33
Object.prototype.toString = () => 'leak'
// leave 34
Symbol.for('leak').description
// leave 35
class leak { static leak = 1 } leak.leak
// leave 36
(function () { return this; })().leak = 1
// leave 37
Object.defineProperty(Object.prototype, 'leak', { get: () => 1 })
// leave 38
Object.prototype.__defineGetter__('leak', () => 1)
// leave 39
Reflect.set(Object.prototype, 'leak', 1)
// leave 40
Intl.leak = 1; Intl.NumberFormat.prototype.leak = 1
// leave 41
var r = new FinalizationRegistry(() => { leak = 1; }); r.register({}, 1)
// growth 1
var m = new Map(); for (var i = 0; ; i++) m.set(i, 'x' + i);
// growth 2
var s = new Set(); for (var i = 0; ; i++) s.add({ i });
// growth 3
var a = []; while (true) a.push('x' + a.length);
// growth 4
var a = []; while (true) a.push({ a: [{}] });
// growth 5
var a = []; while (true) a.push(function () { return a; });
// growth 6
var w = new WeakMap(); var k = []; while (true) { var o = {}; k.push(o); w.set(o, k); }
// growth 7
var o = {}; while (true) o = { o };
// growth 8
var s = Symbol('x'); var a = []; while (true) a.push(Symbol('x'));
// growth 9
var a = []; while (true) a.push(new Date());
// growth 10
var a = []; while (true) a.push(/x/);
// growth 11
var a = []; while (true) a.push(new Promise(() => { }));
// growth 12
while (true) new Proxy({}, {});
// growth 13
function* g() { var a = []; while (true) yield a.push(a.slice()); } [...g()]
// growth 14
var a = []; while (true) a.push(new Error('x').stack);
// run 1
while (true) getVariable('n')
// run 2
while (true) setVariable('name', 'x'.repeat(100000))
// run 3
for (var i = 0; i < 1e6; i++) setVariable('n', i)
// run 4
setVariable('name', 'x'.repeat(1e7))
// run 5
var a = ['x']; for (var i = 0; i < 40; i++) a = [a, a]; setVariable('list', a)
// run 6
setVariable({ toString() { while (true); } }, 1)
// run 7
setVariable('list', new Proxy([], { get() { while (true); } }))
// run 8
try { getVariable('ghost'); } catch (e) { while (true); }
// run 9
try { getVariable('ghost'); } finally { while (true); }
// run 10
try { while (true) getGhost(); } catch { while (true) { try { getGhost(); } catch { } } }
// run 11
for (var i = 0; i < 50; i++) setName(getName() + getName()); getName().length
// run 12
setCorrelationId('x'.repeat(1e7))
// run 13
setWorkflowInstanceName({ toString: null })
// run 14
while (true) newGuid()
// run 15
setOutcomes(new Array(1e6).fill('x'))
// run 16
createEventTriggerUrl('x'.repeat(1e7), 1)
// run 17
getVariable('n', ...new Array(1e6))
// run 18
stringFromBase64('A'.repeat(4e7))
// run 19
parseGuid('x'.repeat(1e7))
// run 20
isNullOrWhiteSpace(' '.repeat(3e7))
// bounded 1
`${variables.name}`.length + getName() + getVariable('name')
// bounded 2
setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName()); setVariable('name', getName() + getName())
// bounded 3
var a = variables.list; var a1 = [a, a]; var a2 = [a1, a1]; var a3 = [a2, a2]; var a4 = [a3, a3]; var a5 = [a4, a4]; var a6 = [a5, a5]; var a7 = [a6, a6]; var a8 = [a7, a7]; var a9 = [a8, a8]; var a10 = [a9, a9]; var a11 = [a10, a10]; var a12 = [a11, a11]; var a13 = [a12, a12]; var a14 = [a13, a13]; var a15 = [a14, a14]; var a16 = [a15, a15]; var a17 = [a16, a16]; var a18 = [a17, a17]; var a19 = [a18, a18]; var a20 = [a19, a19]; var a21 = [a20, a20]; var a22 = [a21, a21]; var a23 = [a22, a22]; var a24 = [a23, a23]; var a25 = [a24, a24]; var a26 = [a25, a25]; var a27 = [a26, a26]; var a28 = [a27, a27]; var a29 = [a28, a28]; var a30 = [a29, a29]; var a31 = [a30, a30]; var a32 = [a31, a31]; var a33 = [a32, a32]; var a34 = [a33, a33]; var a35 = [a34, a34]; var a36 = [a35, a35]; var a37 = [a36, a36]; var a38 = [a37, a37]; var a39 = [a38, a38]; var a40 = [a39, a39]; a40
// bounded 4
var s = 'xxxxxxxxxxxxxxxx'; var s1 = s + s; var s2 = s1 + s1; var s3 = s2 + s2; var s4 = s3 + s3; var s5 = s4 + s4; var s6 = s5 + s5; var s7 = s6 + s6; var s8 = s7 + s7; var s9 = s8 + s8; var s10 = s9 + s9; var s11 = s10 + s10; var s12 = s11 + s11; var s13 = s12 + s12; var s14 = s13 + s13; var s15 = s14 + s14; var s16 = s15 + s15; var s17 = s16 + s16; var s18 = s17 + s17; var s19 = s18 + s18; var s20 = s19 + s19; var s21 = s20 + s20; var s22 = s21 + s21; var s23 = s22 + s22; var s24 = s23 + s23; var s25 = s24 + s24; var s26 = s25 + s25; var s27 = s26 + s26; var s28 = s27 + s27; var s29 = s28 + s28; var s30 = s29 + s29; var s31 = s30 + s30; var s32 = s31 + s31; var s33 = s32 + s32; var s34 = s33 + s33; var s35 = s34 + s34; var s36 = s35 + s35; var s37 = s36 + s36; var s38 = s37 + s37; var s39 = s38 + s38; var s40 = s39 + s39; s40
// bounded 5
((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))
// bounded 6
1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 1
// bounded 7
`${variables.list}`
// bounded 8
variables.list + variables.list
// bounded 9
({ __proto__: null }).x
// bounded 10
variables.constructor.constructor('return 1')()
// bounded 11
variables.list.constructor
// bounded 12
variables[{ toString() { while (true); } }]
// bounded 13
'' + { toString() { return 'x'; } }
// bounded 14
variables.list.length.constructor
