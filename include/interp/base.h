/* libinterp: status codes, the environment that objects get (memory, log, threads, errors), sized structs, version.
 *
 * Conventions of the whole library (those of arXiv 2602.03789):
 *   I_t = alpha_t Z + beta_t X,  Z ~ N(0, I) noise, X data, t = 0 noise, t = 1 data.
 * alpha belongs to the NOISE and beta to the DATA; readers of DDPM papers know them the other way round.
 *   r = beta / alpha (signal to noise, increases with t),  lambda = log r,  W = alpha beta' - alpha' beta.
 * A position on the path that no schedule can change is u = beta / (alpha + beta) in [0, 1].
 *
 * Threads: the library has no globals, no initialisation, no thread of its own. Schedules and plans never change after
 * creation and may be used by any number of threads at once. A sampler belongs to one thread at a time; different
 * samplers are independent, also when they share a plan.
 *
 * Ownership: what itp_*_new and its like put into *out is the caller's, who gives it back with itp_*_free, NULL
 * allowed. Objects count who holds them: one that points to another (a sampler to its plan, an adaptive run to its
 * schedules) keeps it, so that everything may be freed whenever the caller likes, and from any thread, in any order.
 * Arrays and structs are copied, but where a comment says that they stay the caller's. What the library hands out
 * as const (strings, rows, terms) belongs to the object it was asked of.
 *
 * Floating point: whatever traps, rounding and handling of denormals the caller has set, results are those of the
 * default mode, nothing traps, and mode and flags are the caller's again on return.
 *
 * Descriptors: every struct that a caller fills starts with `size_t size`, and zero is the default of its other fields:
 *     itp_batch batch = {ITP_SIZED(itp_batch), .count = 4, .dim = 784};
 * in C99 and C++20; ITP_BATCH_INIT, for every struct, is one with nothing but its size, in older C++ too. Other
 * languages set the size and clear the rest.
 * Fields that a later version adds mean "as before" when zero: they are zero for a program whose struct is shorter. A
 * longer struct is accepted when the bytes that the library does not know are zero; ITP_E_NEWER: they are not, the
 * program is newer than the library. ITP_E_OLDER: a struct shorter than its first version, the program is too old.
 * ITP_E_SIZE: a size that no version has, 0 or more than 4096: it was not set.
 *
 * Callbacks: structs that the library hands to a callback start with their size too, the library's, and are never
 * longer than 512 bytes. A program made for a newer version asks ITP_HAS before it relies on a field that an older
 * library may not have; there such a field reads as 0, and writing into it something else is ITP_E_NEWER.
 */
#ifndef INTERP_BASE_H
#define INTERP_BASE_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(LIBINTERP_BUILD)
#define ITP_API __declspec(dllexport)
#elif defined(_WIN32) && defined(LIBINTERP_DLL)
#define ITP_API __declspec(dllimport)
#elif defined(__GNUC__) && defined(LIBINTERP_BUILD)
#define ITP_API __attribute__((visibility("default")))
#else
#define ITP_API
#endif

#if defined(_WIN32) && !defined(_WIN64)
#define ITP_CALL __cdecl
#else
#define ITP_CALL
#endif

/* The size of a struct, as the first of its initialisers. */
#define ITP_SIZED(type) .size = sizeof(type)

#ifdef __cplusplus
extern "C++" {
namespace itp {
/* A struct with its size and every default: itp::sized<itp_batch>(). */
template <class T> inline T sized() noexcept {
    T made = T();
    made.size = sizeof(T);
    return made;
}
} // namespace itp
}
#define ITP_INIT(type) itp::sized<type>()
#else
#define ITP_INIT(type) \
    { ITP_SIZED(type) }
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define ITP_VERSION_MAJOR 0
#define ITP_VERSION_MINOR 1
#define ITP_VERSION_PATCH 0

/* The version of the library that is running, major * 1000000 + minor * 1000 + patch; ITP_VERSION_* are those of the
 * header. Cannot fail. Any thread. */
ITP_API int32_t itp_version(void);

/* The same as text, "major.minor.patch"; never NULL, static storage. Any thread. */
ITP_API const char *itp_version_text(void);

/* 1 or 0: whether the library that is running was built with "json" (plans as JSON), "openblas" (ITP_KERNEL_OPENBLAS
 * and fast matrix products), "lapack" (eigenvectors of large covariances); whether it runs with code for these
 * instructions on this processor: "avx2", "avx512", "neon". 0 for any other name, and NULL. Any thread. */
ITP_API int itp_build_has(const char *what);

/* Status of a call: 0 done, > 0 the caller must act, < 0 an error. Values never change. */
enum {
    ITP_OK = 0,             /* done */
    ITP_EVALUATE = 1,       /* itp_sampler_next: evaluate the network, then submit */
    ITP_E_ARGUMENT = -1,    /* a NULL pointer, or a value that no such argument can have */
    ITP_E_SIZE = -2,        /* a struct whose size field is 0 or larger than any */
    ITP_E_MEMORY = -3,      /* the allocator returned NULL */
    ITP_E_UNSUPPORTED = -4, /* an unknown id or name, or a combination that does not exist */
    ITP_E_RANGE = -5,       /* a number that is not finite or outside its range */
    ITP_E_OVERFLOW = -6,    /* sizes whose product does not fit */
    ITP_E_NEWER = -7,       /* a struct with a field set that this library is too old to know */
    ITP_E_OLDER = -8,       /* a struct shorter than its first version: the program is too old for this library */
    ITP_E_SCHEDULE = -10,   /* a schedule whose r = beta / alpha is not increasing, or values it cannot have */
    ITP_E_GRID = -11,       /* nodes that do not increase strictly, or leave the range of a schedule */
    ITP_E_SINGULAR = -12,   /* a coefficient that has no finite limit at a node */
    ITP_E_BUDGET = -13,     /* fewer evaluations than one step of the solver needs, or than an adaptive run does */
    ITP_E_STEP = -14,       /* adaptive runs: the error asks for a step below the smallest one */
    ITP_E_TOLERANCE = -15,  /* fits: no two refinements of the reference agree */
    ITP_E_STATE = -20,      /* a call out of order, such as a submit without a request */
    ITP_E_CALLBACK = -21,   /* a callback returned a negative number */
    ITP_E_NONFINITE = -22,  /* the network returned NaN or infinity (samplers: only when asked to look) */
    ITP_E_INTERNAL = -30    /* a defect of the library: please report it */
};

/* One English sentence for a status, also for a number that is none; never NULL, static storage. What went wrong in a
 * call, with field and value, is in its itp_error. Any thread. */
ITP_API const char *itp_status_string(int status);

/* Memory: both functions or neither (malloc and free). alloc returns NULL or `size` bytes aligned to `alignment` (a
 * power of two); free gets the size that was asked for. Called only while objects are created and freed. */
typedef struct itp_allocator {
    size_t size;
    void *(ITP_CALL *alloc)(void *user, size_t size, size_t alignment);
    void(ITP_CALL *free)(void *user, void *memory, size_t size);
    void *user; /* given to both */
} itp_allocator;
#define ITP_ALLOCATOR_INIT ITP_INIT(itp_allocator)

/* Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked
 * but hardly what was meant; it names the field. The text lives only during
 * the call. The library itself prints nothing. */
enum { ITP_LOG_ERROR = 1, ITP_LOG_WARNING = 2, ITP_LOG_INFO = 3 };
typedef struct itp_log {
    size_t size;
    void(ITP_CALL *write)(void *user, int32_t level, const char *message); /* level: ITP_LOG_* */
    void *user;                                                            /* given to write */
} itp_log;
#define ITP_LOG_INIT ITP_INIT(itp_log)

/* Threads: runs task(context, i) for every i < tasks, in any order and on any threads, and returns when all are done;
 * 0, or, when one did not run, another number, which is then returned as a hook's (sampler.h). */
typedef int(ITP_CALL *itp_parallel_fn)(void *user, size_t tasks, void(ITP_CALL *task)(void *context, size_t index),
                                       void *context);

/* Why a call failed, for callers without a log: written by every call whose description has an itp_env with it, and by
 * the later calls on objects of one thread (samplers, fits) that were made with it. After a call that did what it was
 * asked, status is 0 and both texts are "".
 *
 * Calls without an environment have nowhere to put a sentence, and their status is all: those on objects that threads
 * may share (itp_schedule_*, itp_plan_get_* and the like), those on numbers and arrays (itp_prediction_*, guidance.h,
 * noise.h), and every call whose description, or whose object, is NULL itself, or a description whose size is 0. Their
 * comments say what each status means there. */
typedef struct itp_error {
    size_t size;
    int32_t status; /* what the call returned */
    int32_t reserved;
    char field[64]; /* what is wrong: the sentence up to its colon, "" where it has none */
    char text[448]; /* one English sentence, without a newline: what is wrong, its value, what to do; cut to fit */
} itp_error;
#define ITP_ERROR_INIT ITP_INIT(itp_error)

/* What an object gets from the program around it. Every member may be NULL, and so may a pointer to an itp_env itself.
 * The environment and the structs it points to are read during the call that makes an object and copied; what they
 * point to in turn (functions' user data, `error`) must live as long as that object may call it. Plans, schedules,
 * covariances and paths, which threads may share, write to log and error during the calls that make them only (a path's
 * log: in itp_path_at too); samplers, fits and searches until they are freed. */
typedef struct itp_env {
    size_t size;
    const itp_allocator *memory;  /* NULL: malloc and free */
    const itp_log *log;           /* NULL: silent */
    itp_parallel_fn parallel_for; /* NULL: everything on the calling thread. Samplers hand it their pass over the
                                     arrays; others have no use for it */
    void *parallel_user;          /* its first argument */
    itp_error *error;             /* NULL: none. Filled, or cleared, before a call returns */
} itp_env;
#define ITP_ENV_INIT ITP_INIT(itp_env)

/* Whether a struct that a callback was given has the field: ITP_HAS(request, guidance). */
#define ITP_HAS(from, field) ((from)->size >= (size_t)((const char *)(&(from)->field + 1) - (const char *)(from)))

/* Element type of arrays. */
enum { ITP_FLOAT32 = 1, ITP_FLOAT64 = 2 };

#ifdef __cplusplus
}
#endif
#endif
