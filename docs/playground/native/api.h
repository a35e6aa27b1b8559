/* What the page calls: every function marked PLAYGROUND is exported from the WebAssembly module under its own name. */
#ifndef PLAYGROUND_API_H
#define PLAYGROUND_API_H

#ifdef __wasm__
#define PLAYGROUND(name) __attribute__((export_name(#name))) name
#else
#define PLAYGROUND(name) name
#endif

#endif
