#ifndef PLAYGROUND_WEIGHTS_FILE_H
#define PLAYGROUND_WEIGHTS_FILE_H

#include "safetensors.h"

/* safetensors_open, of bytes in memory; they are not needed afterwards. */
const char *weights_file_open(void *bytes, size_t size, safetensors **out);

#endif
