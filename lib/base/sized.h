/* Structs that carry their size: read from older and newer callers, written to them. */
#ifndef ITP_BASE_SIZED_H
#define ITP_BASE_SIZED_H

#include <interp/base.h>

enum { ITP_STRUCT_LARGEST = 4096 };

/* Copies the caller's struct `from` (whose first member is its size) into `to` of `size` bytes: fields that the caller
 * does not know become 0, bytes that we do not know must be 0. to->size becomes `size`. ITP_E_ABI, `to` unchanged. */
int itp_struct_read(void *to, size_t size, const void *from);

/* What a callback is handed lies in room of this size, zeros behind what we know: a program that knows more fields
 * reads zeros there, and what it writes does no harm. */
enum { ITP_CALLBACK_ROOM = 512 };

/* ITP_OK when all bytes from `known` on are still 0, ITP_E_ABI. */
int itp_struct_untouched(const void *room, size_t known);

/* Whether the caller's struct says a size that it can have: ITP_OK, ITP_E_ABI. To be asked before long work that ends
 * in writing it. */
int itp_struct_check(const void *to);

/* Copies `from` of `size` bytes into the caller's struct, as much as the caller knows; its size stays. */
int itp_struct_write(void *to, const void *from, size_t size);

#endif
