/* Portable C. Sums are held in double for both element types, and rounded once when they are stored. */
#include "kernels/block.h"

#define ELEMENT float
#define SUM double
#define ADD_XI itp_block_add_xi
#define NAME(f) f##_portable_f32
#define ADD_COLUMNS add_columns_portable_f32
#include "kernels/columns_template.h"
#include "kernels/combine_template.h"
#undef ELEMENT
#undef NAME
#undef ADD_COLUMNS

#define ELEMENT double
#define NAME(f) f##_portable_f64
#define ADD_COLUMNS add_columns_portable_f64
#include "kernels/columns_template.h"
#include "kernels/combine_template.h"
