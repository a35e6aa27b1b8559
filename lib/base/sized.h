/* Structs that carry their size: read from older and newer callers, written to them. */
#ifndef ITP_BASE_SIZED_H
#define ITP_BASE_SIZED_H

#include <interp/base.h>

enum { ITP_STRUCT_LARGEST = 4096 };

/* Copies the caller's struct `from` (whose first member is its size) into `to` of `size` bytes; to->size becomes
 * `size`. Fields that the caller does not know become 0, of which the first version, of `first` bytes, has none:
 * ITP_E_OLDER. Bytes that we do not know must be 0: ITP_E_NEWER. ITP_E_SIZE: a size that none can have. `to` is then
 * unchanged. */
int itp_struct_read_since(void *to, size_t size, size_t first, const void *from);

/* The same for structs that have had no field appended. */
int itp_struct_read(void *to, size_t size, const void *from);

/* What a callback is handed lies in room of this size, zeros behind what we know: a program that knows more fields
 * reads zeros there, and what it writes does no harm. */
enum { ITP_CALLBACK_ROOM = 512 };

/* ITP_OK when all bytes from `known` on are still 0, ITP_E_NEWER. */
int itp_struct_untouched(const void *room, size_t known);

/* Whether the caller's struct says a size that it can have: ITP_OK, ITP_E_SIZE. Called before long work that ends
 * in writing the struct. */
int itp_struct_check(const void *to);

/* Copies `from` of `size` bytes into the caller's struct, as much as the caller knows; its size stays. */
int itp_struct_write(void *to, const void *from, size_t size);

#endif
