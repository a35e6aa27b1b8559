/* The vector types of a path: a template, see normal_vector.h. */
typedef float NAME(f32) __attribute__((vector_size(4 * LANES)));
typedef uint32_t NAME(u32) __attribute__((vector_size(4 * LANES)));
typedef int32_t NAME(i32) __attribute__((vector_size(4 * LANES)));
typedef uint64_t NAME(u64) __attribute__((vector_size(4 * LANES)));
typedef float NAME(half) __attribute__((vector_size(2 * LANES)));
typedef double NAME(f64) __attribute__((vector_size(4 * LANES)));
