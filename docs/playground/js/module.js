"use strict";
/* The WebAssembly module: bytes in, its functions out. Plain scripts that share one name, since a page opened from a
 * folder may not import modules; the functions here stand alone, as the worker gets them as text. */
var playground = globalThis.playground || {};

playground.bytesOf = function bytesOf(base64) {
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    bytes[i] = text.charCodeAt(i);
  }
  return bytes;
};

/* Resolves to {exports, floats(pointer, count), doubles, words, text(pointer)}; the arrays are views of the module's
 * memory, good until it grows: take them anew after each call. */
playground.instantiate = async function instantiate(bytes) {
  const imports = { env: { emscripten_notify_memory_growth() {} } };
  const { instance } = await WebAssembly.instantiate(bytes, imports);
  const exports = instance.exports, buffer = () => exports.memory.buffer;
  exports._initialize();
  return {
    exports,
    floats: (at, count) => new Float32Array(buffer(), at, count),
    doubles: (at, count) => new Float64Array(buffer(), at, count),
    words: (at, count) => new Int32Array(buffer(), at, count),
    bytes: (at, count) => new Uint8Array(buffer(), at, count),
    text(at) {
      const all = new Uint8Array(buffer());
      return at ? new TextDecoder().decode(all.subarray(at, all.indexOf(0, at))) : null;
    },
  };
};
