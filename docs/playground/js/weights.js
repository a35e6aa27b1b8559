"use strict";
/* The example network's weights as pack.py writes them: rows of whole numbers of 12 bits, each row with a scale. */

/* The bytes of a safetensors file with the same tensors in float32. Stands alone: the worker gets it as text. */
playground.unpackWeights = function unpackWeights(packed, bytes) {
  const sizes = packed.tensors.map((tensor) => tensor.shape.reduce((a, b) => a * b, 1)), header = {};
  let end = 0;
  packed.tensors.forEach((tensor, i) => {
    header[tensor.name] = { dtype: "F32", shape: tensor.shape, data_offsets: [end, end += 4 * sizes[i]] };
  });
  header["flow.heads"] = { dtype: "F64", shape: [1], data_offsets: [end, end + 8] };
  const text = JSON.stringify(header), head = new TextEncoder().encode(text.padEnd((text.length + 7) & ~7));
  const file = new Uint8Array(8 + head.length + end + 8), view = new DataView(file.buffer);
  view.setUint32(0, head.length, true);
  file.set(head, 8);
  const values = new Float32Array(file.buffer, 8 + head.length, end / 4);
  let from = 0, to = 0;
  packed.tensors.forEach((tensor, t) => {
    const width = sizes[t] / tensor.scales.length;
    for (let i = 0; i < sizes[t]; i++) {
      const at = from + 3 * (i >> 1);
      const code = i & 1 ? (bytes[at + 1] & 15) << 8 | bytes[at + 2] : bytes[at] << 4 | bytes[at + 1] >> 4;
      values[to++] = (code - 2048) * tensor.scales[Math.floor(i / width)];
    }
    from += 3 * Math.ceil(sizes[t] / 2);
  });
  view.setFloat64(8 + head.length + end, packed.heads, true);
  return file;
};
