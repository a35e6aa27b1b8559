/* What every source needs of the compiler: IEEE arithmetic with infinities, NaN and signed zeros, in the order that is
 * written. Limits at the ends of a path are infinities here, and bits are promised. It comes before any pragma, which
 * could hide a compiler's options from these macros. */
#ifndef ITP_BASE_ARITHMETIC_H
#define ITP_BASE_ARITHMETIC_H

#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ > 0) || defined(_M_FP_FAST)
#error "libinterp needs infinities and NaN: compile it without -ffast-math, -Ofast, -ffinite-math-only, /fp:fast"
#endif
#if defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__NO_SIGNED_ZEROS__)
#error "libinterp needs IEEE arithmetic: compile it without -fassociative-math, -freciprocal-math, -fno-signed-zeros"
#endif

#endif
