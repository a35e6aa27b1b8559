-- libinterp for LuaJIT: the declarations of <interp/*.h>.
-- Made from the headers in include/interp by bindings/generate.py: not to be edited.
--
--     local interp = require("interp")
--     local plan = ffi.new("itp_plan *[1]")
--     local status = interp.C.itp_plan_new(interp.sized("itp_plan_desc", {evaluations = 8}), plan)
--
-- The environment variable LIBINTERP_LIBRARY names the shared library where the loader does not find it by itself.
local ffi = require("ffi")

ffi.cdef [[
// The version of the library that is running, major * 1000000 + minor * 1000 + patch; ITP_VERSION_* are those of the header. Cannot fail. Any thread.
int32_t itp_version(void);
// The same as text, "major.minor.patch"; never NULL, static storage. Any thread.
const char *itp_version_text(void);
int itp_build_has(const char *what);
enum
{
  ITP_OK = 0,
  ITP_EVALUATE = 1,
  ITP_E_ARGUMENT = -1,
  ITP_E_SIZE = -2,
  ITP_E_MEMORY = -3,
  ITP_E_UNSUPPORTED = -4,
  ITP_E_RANGE = -5,
  ITP_E_OVERFLOW = -6,
  ITP_E_NEWER = -7,
  ITP_E_OLDER = -8,
  ITP_E_SCHEDULE = -10,
  ITP_E_GRID = -11,
  ITP_E_SINGULAR = -12,
  ITP_E_BUDGET = -13,
  ITP_E_STEP = -14,
  ITP_E_TOLERANCE = -15,
  ITP_E_STATE = -20,
  ITP_E_CALLBACK = -21,
  ITP_E_NONFINITE = -22,
  ITP_E_INTERNAL = -30
};
// One English sentence for a status, also for a number that is none; never NULL, static storage. What went wrong in a call, with field and value, is in its itp_error. Any thread.
const char *itp_status_string(int status);
// Memory: both functions or neither (malloc and free). alloc returns NULL or `size` bytes aligned to `alignment` (a power of two); free gets the size that was asked for.
typedef struct itp_allocator
{
  size_t size;
  void *(*alloc)(void *user, size_t size, size_t alignment);
  void (*free)(void *user, void *memory, size_t size);
  void *user;  // given to both
} itp_allocator;
enum
{
  ITP_LOG_ERROR = 1,
  ITP_LOG_WARNING = 2,
  ITP_LOG_INFO = 3
};
// Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked but hardly what was meant; it names the field.
typedef struct itp_log
{
  size_t size;
  void (*write)(void *user, int32_t level, const char *message);  // level: ITP_LOG_*
  void *user;  // given to write
} itp_log;
typedef int (*itp_parallel_fn)(void *user, size_t tasks, void (*task)(void *context, size_t index), void *context);
// Why a call failed, for callers without a log: written by every call whose description has an itp_env with it, and by the later calls on objects of one thread (samplers, fits) that were made with it.
typedef struct itp_error
{
  size_t size;
  int32_t status;  // what the call returned
  int32_t reserved;
  char field[64];  // what is wrong: the sentence up to its colon, "" where it has none
  char text[448];  // one English sentence, without a newline: what is wrong, its value, what to do; cut to fit
} itp_error;
// What an object gets from the program around it.
typedef struct itp_env
{
  size_t size;
  const itp_allocator *memory;  // NULL: malloc and free
  const itp_log *log;  // NULL: silent
  itp_parallel_fn parallel_for;  // NULL: everything on the calling thread. Samplers hand it their pass over the arrays; others have no use for it
  void *parallel_user;  // its first argument
  itp_error *error;  // NULL: none. Filled, or cleared, before a call returns
} itp_env;
enum
{
  ITP_FLOAT32 = 1,
  ITP_FLOAT64 = 2
};
// Philox4x32-10 (Salmon et al. 2011): out[0..3] from counter[0..3] and key[0..1], none of which may be NULL. Cannot fail. Any thread.
void itp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
// out[i] = normal(seed, sample, m, first + i), i < count, of `type`. first + count <= 2^34.
int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out, size_t count);
// The Brownian path of a sample: one standard Brownian motion B per element on the clock s = r^2/(1 + r^2) = u^2/(u^2 + (1-u)^2) in [0, 1], the point mass schedule's own time (2602.03789).
int itp_brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type, void *increment, void *area, size_t count);
typedef struct itp_noise_request
{
  size_t size;
  uint64_t first;  // of the batch
  size_t count;  // samples, elements per sample
  size_t dim;  // samples, elements per sample
  int32_t type;  // ITP_FLOAT32 | ITP_FLOAT64
  int32_t row;  // that is about to run; 0 for the start
  int32_t step;  // of the solver that the normal belongs to, from 0; 0 for the start
  int32_t draw;  // 0: the start's, which is drawn when the run begins; then 1, 2, ... in order
  uint32_t m;  // of xi_m in the plan's rows
  uint32_t reserved;
} itp_noise_request;
// Writes the normal that is asked for to out, [count][dim] of `type`. 0: go on; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK.
typedef int (*itp_noise_fn)(void *user, const itp_noise_request *request, void *out);
enum
{
  ITP_TORCH_WORDS = 624
};
typedef struct itp_torch_cpu
{
  uint64_t seed;  // of torch.manual_seed
  int32_t seeded;  // 0: the next draw begins anew from the seed
  int32_t next;  // word to come
  int32_t waits;  // 1: `second` waits for the next draw of fewer than 16 elements
  int32_t reserved;
  double second;  // the other one of a pair of normals, of which a draw has taken one
  uint32_t word[ITP_TORCH_WORDS];  // the twister's state
} itp_torch_cpu;
// Draws from an itp_torch_cpu: an itp_noise_fn.
int itp_torch_cpu_draw(void *generator, const itp_noise_request *request, void *out);
// torch's generator on CUDA: cuRAND's Philox4x32-10.
typedef struct itp_torch_cuda
{
  uint64_t seed;  // of torch.manual_seed
  uint64_t offset;  // how far it is: blocks of four numbers of each thread; torch says four times as much
  uint64_t threads;
} itp_torch_cuda;
// Draws from an itp_torch_cuda: an itp_noise_fn.
int itp_torch_cuda_draw(void *generator, const itp_noise_request *request, void *out);
// A schedule. It never changes, and threads may share it.
typedef struct itp_schedule itp_schedule;
enum
{
  ITP_SCHEDULE_LINEAR = 1,
  ITP_SCHEDULE_VP = 2,
  ITP_SCHEDULE_VP_SDE = 3,
  ITP_SCHEDULE_SQRT = 4,
  ITP_SCHEDULE_SPHERE = 5,
  ITP_SCHEDULE_VE = 6,
  ITP_SCHEDULE_EDM = 7,
  ITP_SCHEDULE_LAZY = 20,
  ITP_SCHEDULE_POINT_MASS = 21,
  ITP_SCHEDULE_TABLE = 40,
  ITP_SCHEDULE_DDPM = 41,
  ITP_SCHEDULE_USER = 0x1000
};
enum
{
  ITP_CLOCK_DEFAULT = 0,
  ITP_CLOCK_ANGLE = 1,
  ITP_CLOCK_BETA = 2,
  ITP_CLOCK_IDENTITY = 3
};
enum
{
  ITP_BETAS_LINEAR = 0,
  ITP_BETAS_SCALED_LINEAR = 1,
  ITP_BETAS_COSINE = 2,
  ITP_BETAS_SIGMOID = 3,
  ITP_BETAS_LAPLACE = 4,
  ITP_BETAS_EXPONENTIAL = 5
};
// Values of a user's schedule at t. With `user_parts` 0 only alpha and beta are read. `size` is set by the library.
typedef struct itp_schedule_values
{
  size_t size;
  double alpha;  // >= 0, not both 0 except at t = 0
  double beta;  // >= 0, not both 0 except at t = 0
  double dalpha;  // derivatives by t, read when user_parts has ITP_USER_DERIVATIVES; may be infinite at an end. Not given, they come from extrapolated differences: then they must be finite
  double dbeta;  // derivatives by t, read when user_parts has ITP_USER_DERIVATIVES; may be infinite at an end. Not given, they come from extrapolated differences: then they must be finite
} itp_schedule_values;
// 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Of the inverse, r in [0, INFINITY]
typedef int (*itp_schedule_fn)(void *user, double t, itp_schedule_values *out);
// 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Of the inverse, r in [0, INFINITY]
typedef int (*itp_schedule_inverse_fn)(void *user, double r, double *t);
enum
{
  ITP_USER_DERIVATIVES = 1
};
// What a schedule is to be. Zero is the default of every field; one that the chosen kind does not read must be 0.
typedef struct itp_schedule_desc
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent
  int32_t kind;  // ITP_SCHEDULE_*; 0: linear
  int32_t clock;  // lazy, point mass: ITP_CLOCK_*
  double k;  // lazy, point mass: the diffusion eps = k eps* that it is lazy for, at most 64; 0: the flow for "lazy", 1 for "point-mass", which has k > 0
  double s;  // lazy, point mass: standard deviation of the data, > 0; 0: 1
  double beta_min;  // vp-sde: 0 <= beta_min <= beta_max; 0: 0.1 and 20; beta_min < 0: none
  double beta_max;  // vp-sde: 0 <= beta_min <= beta_max; 0: 0.1 and 20; beta_min < 0: none
  double sigma_max;  // ve: > 0; 0: 80, which is raised to the network's own highest level where a network under it reaches further (DDPM's betas: 157)
  double sigma_data;  // edm: > 0; 0: 0.5
  const double *alphas_cumprod;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  const double *alpha;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  const double *beta;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  int32_t count;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  int32_t user_parts;  // user: ITP_USER_DERIVATIVES when `values` fills dalpha and dbeta
  itp_schedule_fn values;  // user: required; must be thread-safe
  itp_schedule_inverse_fn inverse;  // user: NULL: found by safeguarded root finding on u
  void *user;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  double beta_start;  // ddpm: the first and the last beta, above 0 and below 1; 0: 0.0001 and 0.02
  double beta_end;  // ddpm: the first and the last beta, above 0 and below 1; 0: 0.0001 and 0.02
  int32_t beta_count;  // ddpm: how many, 2 to 2^24; 0: 1000
  int32_t betas;  // ddpm: ITP_BETAS_*
  int32_t zero_snr;  // ddpm, alphas_cumprod: 1: the roots of the products are moved and stretched so that the noisiest is 0 (2305.08891, rescale_betas_zero_snr elsewhere)
  int32_t reserved;  // table: `count` >= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.
  double snr_shift;  // ddpm, alphas_cumprod: > 0; 0: 1. Every product's signal to noise ratio a/(1 - a) is divided by this, before zero_snr (CogVideoX: 3, snr_shift_scale elsewhere)
} itp_schedule_desc;
// Creates a schedule, the caller's to give back with itp_schedule_free. *out is NULL on failure.
int itp_schedule_new(const itp_schedule_desc *desc, itp_schedule **out);
// The same with every default and malloc: itp_schedule_make(ITP_SCHEDULE_LAZY, &s). Statuses as itp_schedule_new, whose description has an environment for their sentences.
int itp_schedule_make(int32_t kind, itp_schedule **out);
// Gives it back. NULL is allowed. What points to it (adaptive runs, fits) holds it, and plans copy what they need: free it whenever you like.
void itp_schedule_free(itp_schedule *schedule);
const itp_schedule *itp_schedule_of(const char *name);
// Everything about one time.
typedef struct itp_schedule_point
{
  size_t size;
  double t;  // the time that was asked for
  double alpha;  // derivatives by t; infinite where they are
  double beta;  // derivatives by t; infinite where they are
  double dalpha;  // derivatives by t; infinite where they are
  double dbeta;  // derivatives by t; infinite where they are
  double u;  // beta/(alpha + beta); its limit where both are 0
  double r;  // beta/alpha and its logarithm
  double lambda;  // beta/alpha and its logarithm
  double W;  // alpha beta' - alpha' beta
  double eps_star;  // alpha^2 beta'/beta - alpha alpha' = alpha W/beta, the optimal diffusion; 2602.03789. The SDE has noise sqrt(2 eps) dW.
} itp_schedule_point;
// Everything about the time t in [0, 1], else ITP_E_RANGE. Writes at most out->size bytes.
int itp_schedule_eval(const itp_schedule *schedule, double t, itp_schedule_point *out);
// The time t in [0, 1] at which beta/alpha = r, r in [0, INFINITY]. ITP_E_RANGE: r is no such number, or the schedule does not reach it; ITP_E_ARGUMENT: a NULL pointer. *t is then as it was. Any thread.
int itp_schedule_time_of_r(const itp_schedule *schedule, double r, double *t);
// The time t in [0, 1] at which the position beta/(alpha + beta) is u, u in [0, 1]. Errors as itp_schedule_time_of_r. Any thread.
int itp_schedule_time_of_u(const itp_schedule *schedule, double u, double *t);
// int 2 eps* dt from t0 to t1, 0 <= t0 <= t1 <= 1: the variance that the optimal SDE (2602.03789) adds between the two, in closed form where the family has one.
int itp_schedule_variance(const itp_schedule *schedule, double t0, double t1, double *variance);
typedef struct itp_conversion
{
  size_t size;
  double tau;  // dtau, dc: derivatives by t; infinite where they are
  double c;  // dtau, dc: derivatives by t; infinite where they are
  double dtau;  // dtau, dc: derivatives by t; infinite where they are
  double dc;  // dtau, dc: derivatives by t; infinite where they are
  double eps;  // c^2 tau', the factor of the diffusion coefficient
} itp_conversion;
// That at the time t of `to`, t in [0, 1], else ITP_E_RANGE, which a position that `from` does not reach is too.
int itp_schedule_convert(const itp_schedule *from, const itp_schedule *to, double t, itp_conversion *out);
enum
{
  ITP_DIFFUSION_DEFAULT = 0,
  ITP_DIFFUSION_K = 1,
  ITP_DIFFUSION_CONSTANT = 2,
  ITP_DIFFUSION_SIGMA = 3,
  ITP_DIFFUSION_LINEAR = 4,
  ITP_DIFFUSION_DECREASING = 5,
  ITP_DIFFUSION_SINE = 6,
  ITP_DIFFUSION_USER = 0x1000
};
// k as a function of the position u; must be finite and >= 0. Called while a plan is made, on the caller's thread.
typedef double (*itp_k_fn)(void *user, double u);
// eps as a function of the time t of the diffusion's schedule; must be finite and >= 0. Called while a plan is made, on the caller's thread.
typedef double (*itp_diffusion_fn)(void *user, double t);
// A diffusion. Zero is the default of every field: none, the flow (ODE). Read while a plan is made.
typedef struct itp_diffusion
{
  size_t size;
  int32_t kind;  // ITP_DIFFUSION_*
  int32_t reserved;
  double k;  // K: >= 0; 0: the flow (ODE), 1: the statistically optimal SDE
  itp_k_fn k_fn;  // K: used instead of k where not NULL
  double norm;  // all but K and USER: n, finite and > 0; 0: 1
  const itp_schedule *schedule;  // all but K: whose t it is; NULL: the network's
  itp_diffusion_fn fn;  // USER
  void *user;  // of k_fn or fn
} itp_diffusion;
enum
{
  ITP_GRID_DEFAULT = 0,
  ITP_GRID_TIME = 1,
  ITP_GRID_U = 2,
  ITP_GRID_LAMBDA = 3,
  ITP_GRID_SHIFT = 4,
  ITP_GRID_QUADRATIC = 5,
  ITP_GRID_BETA = 6,
  ITP_GRID_KARRAS = 20,
  ITP_GRID_POLY_EXPONENTIAL = 21,
  ITP_GRID_KL_OPTIMAL = 22,
  ITP_GRID_BONG_TANGENT = 23,
  ITP_GRID_BETA_SIGMA = 24,
  ITP_GRID_KARRAS_FLOW = 30,
  ITP_GRID_EXPONENTIAL_FLOW = 31,
  ITP_GRID_BETA_FLOW = 32,
  ITP_GRID_KL_OPTIMAL_FLOW = 33,
  ITP_GRID_BONG_TANGENT_FLOW = 34,
  ITP_GRID_LINEAR_QUADRATIC = 35,
  ITP_GRID_LOGIT_NORMAL = 36,
  ITP_GRID_LINSPACE = 40,
  ITP_GRID_LINSPACE_OPEN = 41,
  ITP_GRID_LEADING = 42,
  ITP_GRID_LEADING_OPEN = 43,
  ITP_GRID_TRAILING = 44,
  ITP_GRID_SIMPLE = 45,
  ITP_GRID_SGM_UNIFORM = 46,
  ITP_GRID_NORMAL = 47,
  ITP_GRID_BETA_SAMPLES = 48,
  ITP_GRID_SMOOTHSTEP = 49,
  ITP_GRID_LCM = 50,
  ITP_GRID_AYS_SD15 = 60,
  ITP_GRID_AYS_SDXL = 61,
  ITP_GRID_AYS_DEEPFLOYD = 62,
  ITP_GRID_AYS_SVD = 63,
  ITP_GRID_AYS_SD15_COMFYUI = 64,
  ITP_GRID_AYS_SDXL_COMFYUI = 65,
  ITP_GRID_GITS = 66,
  ITP_GRID_ALPHAFOLD_3 = 67,
  ITP_GRID_USER_TIME = 0x1000,
  ITP_GRID_USER_U = 0x1001,
  ITP_GRID_USER_SIGMA = 0x1002,
  ITP_GRID_USER_FLOW = 0x1003
};
// A grid. Zero is the default of every field. Read while a plan is made; nodes are copied. A field that the chosen kind does not read must be 0: ITP_E_UNSUPPORTED names it.
typedef struct itp_grid
{
  size_t size;
  int32_t kind;  // ITP_GRID_*; 0: time
  int32_t node_count;  // user grids: steps + 1
  const double *nodes;  // user grids: increasing, but for "user-sigma"
  double shift;  // > 0; 0: 1.
  double terminal;  // 0, or below 1: every grid is stretched in sigma = 1 - u, its first node staying, so that sigma is this at the node before the end (shift_terminal elsewhere). One step has no such node
  double rho;  // karras, poly-exponential, karras-flow: > 0; 0: the grid's own
  double beta_a;  // the grids of a Beta law: > 0, at most 1000; 0: .6
  double beta_b;  // the grids of a Beta law: > 0, at most 1000; 0: .6
  double sigma_max;  // lambda and the grids in a sigma: the first and the last node where the range has an infinite end, in the grid's own sigma: 0 < sigma_min < sigma_max. 0: where lambda = log(beta/alpha) is -5 and 5.
  double sigma_min;  // lambda and the grids in a sigma: the first and the last node where the range has an infinite end, in the grid's own sigma: 0 < sigma_min < sigma_max. 0: where lambda = log(beta/alpha) is -5 and 5.
  double deviation;  // logit-normal: > 0; 0: 1.75
  double u_start;  // part of the path, 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules, even if that is not at u = 0 (VP-SDE, tables, VE). u_end 0: 1
  double u_end;  // part of the path, 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules, even if that is not at u = 0 (VP-SDE, tables, VE). u_end 0: 1
  int32_t steps_offset;  // leading, leading-open: >= 0 (Stable Diffusion: 1)
  int32_t reversed;  // 1: the nodes backward, from data to noise (inversion), for solvers without noise; from where both schedules end, if that is before u = 1. Start it with data
} itp_grid;
// The shift of a resolution: exp(mu), mu linear in the number of tokens, from mu_low at tokens_low to mu_high at tokens_high and beyond.
int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high, double *shift);
int itp_shift_of_flux2(double tokens, int32_t steps, double *shift);
enum
{
  ITP_PREDICT_VELOCITY = 1,
  ITP_PREDICT_DATA = 2,
  ITP_PREDICT_NOISE = 3,
  ITP_PREDICT_SCORE = 4,
  ITP_PREDICT_SALIMANS_V = 5,
  ITP_PREDICT_EDM = 6,
  ITP_PREDICT_NEGATIVE_VELOCITY = 7,
  ITP_PREDICT_AFFINE = 0x1000
};
enum
{
  ITP_TIME_T = 1,
  ITP_TIME_REVERSED = 2,
  ITP_TIME_THOUSAND = 3,
  ITP_TIME_INDEX = 4,
  ITP_TIME_LOG_SIGMA = 5,
  ITP_TIME_SIGMA = 6,
  ITP_TIME_USER = 0x1000
};
// 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Called while something is made.
typedef int (*itp_affine_fn)(void *user, const itp_schedule_point *at, double *a, double *b);
// 0: done; > 0: the call that asked returns that number; < 0: ITP_E_CALLBACK. Called while something is made.
typedef int (*itp_time_fn)(void *user, const itp_schedule_point *at, double *time);
// A network.
typedef struct itp_model
{
  size_t size;
  const itp_schedule *schedule;  // of the network's INPUT; NULL: linear. EDM networks see c_in x: ITP_SCHEDULE_EDM
  int32_t prediction;  // ITP_PREDICT_*; 0: velocity
  int32_t time;  // ITP_TIME_*; 0: t
  double sigma_data;  // ITP_PREDICT_EDM: > 0; 0: 0.5
  itp_affine_fn affine;  // ITP_PREDICT_AFFINE: data = a x + b F
  itp_time_fn time_fn;  // ITP_TIME_USER
  void *user;  // of both; they are called only while an object is made
} itp_model;
// The two scalars of G = a x + b F, where F is what `model` returns at the time t of its schedule and G the prediction `to` (ITP_PREDICT_* except AFFINE) in the same schedule.
int itp_prediction_scalars(const itp_model *model, double t, int32_t to, double *a, double *b);
// The same on arrays: out[i] = a x[i] + b f[i], i < count, of `type` (ITP_FLOAT32 | ITP_FLOAT64), rounded once. out may be x or f; no other overlap.
int itp_prediction_convert(const itp_model *model, double t, int32_t to, int32_t type, const void *x, const void *f, void *out, size_t count);
// The number that the network is given at the time t of its schedule, t in [0, 1], else ITP_E_RANGE. model NULL: the default one.
int itp_model_time(const itp_model *model, double t, double *time);
enum
{
  ITP_FAMILY_DEFAULT = 0,
  ITP_RUNGE_KUTTA = 1,
  ITP_ADAMS_BASHFORTH = 2,
  ITP_PNDM = 3,
  ITP_EXPONENTIAL_MULTISTEP = 4,
  ITP_EXPONENTIAL_SINGLESTEP = 5,
  ITP_EXPONENTIAL_BLOCKS = 6,
  ITP_SDE_RUNGE_KUTTA = 7,
  ITP_SDE_ADAMS_BASHFORTH = 8,
  ITP_SA = 9,
  ITP_ANCESTRAL = 10,
  ITP_DDPM_POSTERIOR = 11,
  ITP_MIDPOINT_SDE = 12,
  ITP_CHURN = 13,
  ITP_SDE_MULTISTEP = 14,
  ITP_ANCESTRAL_MULTISTEP = 15,
  ITP_LCM = 16,
  ITP_TCD = 17,
  ITP_ER_SDE = 18,
  ITP_LANGEVIN = 19
};
enum
{
  ITP_FORM_DEFAULT = 0,
  ITP_FORM_DATA = 1,
  ITP_FORM_NOISE = 2,
  ITP_FORM_VELOCITY = 3
};
enum
{
  ITP_VARIABLE_DEFAULT = 0,
  ITP_VARIABLE_LAMBDA = 1,
  ITP_VARIABLE_SIGMA = 2
};
enum
{
  ITP_WEIGHTS_DEFAULT = 0,
  ITP_WEIGHTS_MIDPOINT = 1,
  ITP_WEIGHTS_HEUN = 2,
  ITP_WEIGHTS_RALSTON = 3,
  ITP_WEIGHTS_BOGACKI_SHAMPINE = 4,
  ITP_WEIGHTS_CLASSIC = 5,
  ITP_WEIGHTS_THREE_EIGHTHS = 6,
  ITP_WEIGHTS_TSITOURAS = 7,
  ITP_WEIGHTS_DORMAND_PRINCE = 8,
  ITP_WEIGHTS_EQUAL = 9,
  ITP_WEIGHTS_EXACT = 10,
  ITP_WEIGHTS_BH1 = 11,
  ITP_WEIGHTS_BH2 = 12,
  ITP_WEIGHTS_VARY = 13,
  ITP_WEIGHTS_SEA = 14,
  ITP_WEIGHTS_SHARK = 15,
  ITP_WEIGHTS_SRA1 = 16,
  ITP_WEIGHTS_STAGES = 17,
  ITP_WEIGHTS_GRADIENT = 18,
  ITP_WEIGHTS_MEAN = 19,
  ITP_WEIGHTS_SCALED = 20
};
enum
{
  ITP_CORRECTOR_NONE = 0,
  ITP_CORRECTOR_END = 1
};
enum
{
  ITP_FINAL_FULL = 0,
  ITP_FINAL_LOWER = 1
};
// An explicit Runge-Kutta method of the caller's: stage i lies at c[i] of the step, at x + h sum_j a[i][j] k_j, and the step is h sum_i b[i] k_i.
typedef struct itp_tableau
{
  size_t size;
  int32_t stages;  // 1 .. 16, 1 .. 16; the order is taken at its word
  int32_t order;  // 1 .. 16, 1 .. 16; the order is taken at its word
  const double *a;  // [stages][stages]
  const double *b;  // [stages]
  const double *c;  // [stages]
  const double *embedded;  // [stages + 1]; NULL: none
  int32_t embedded_order;  // 1 .. 16
  int32_t embedded_count;  // stages + 1; both are 0 without `embedded`
} itp_tableau;
typedef struct itp_restart
{
  double low;
  double high;
  int32_t steps;
  int32_t times;
} itp_restart;
// A solver.
typedef struct itp_solver
{
  size_t size;
  int32_t family;  // ITP_RUNGE_KUTTA, ...
  int32_t order;  // 1 ..; 0: the family's lowest
  int32_t form;  // ITP_FORM_*; 0: data (ITP_PNDM: noise)
  int32_t variable;  // ITP_VARIABLE_*; 0: lambda
  int32_t weights;  // ITP_WEIGHTS_*; 0: as said there
  int32_t corrector;  // ITP_CORRECTOR_*
  int32_t final_order;  // exponential methods: ITP_FINAL_FULL or ITP_FINAL_LOWER; of BLOCKS LOWER gives the last step less than the full order (DPM-Solver: 3, ..., 3, 2, 1).
  int32_t reserved;
  const itp_tableau *tableau;  // RUNGE_KUTTA: the caller's own; order, weights are then not read
  double eta;  // noise of its own: how much, >= 0; 0: the deterministic method
  double s_noise;  // the noise's deviation is multiplied by this, >= 0; 1 keeps the law
  double s_churn;
  double s_min;  // s_max 0: no upper limit
  double s_max;  // s_max 0: no upper limit
  double gamma;  // CHURN: by so much of itself sigma is raised instead, without a limit, where the sigma stepped to is between s_min and s_max; 0: by s_churn. GRADIENT: 0: 2
  double step_scale;  // "alphafold-3": its steps are so much longer; 0: 1, which keeps the law
  double corrector_snr;  // LANGEVIN: r of a step of the size 2 r^2 sigma^2; 0: .16
  const itp_restart *restarts;  // [restart_count]; several at one node are made in their order
  int32_t restart_count;  // how many
  int32_t reserved2;
} itp_solver;
// A plan: rows of numbers, one for each evaluation of the network. It never changes, and threads may share it.
typedef struct itp_plan itp_plan;
enum
{
  ITP_NOISE_PATH = 0,
  ITP_NOISE_STEPS = 1
};
enum
{
  ITP_START_EVALUATE = 0,
  ITP_START_CENTRED = 1
};
enum
{
  ITP_LAST_DATA = 0,
  ITP_LAST_NOISE = 1
};
enum
{
  ITP_SINGULAR_FLOW = 0,
  ITP_SINGULAR_ERROR = 1
};
enum
{
  ITP_ENDS_INSIDE = 0,
  ITP_ENDS_EVALUATE = 1
};
// What a plan is made from. Zero is the default of every field. All that is pointed to is read while the plan is made.
typedef struct itp_plan_desc
{
  size_t size;
  const itp_env *env;  // memory, log, error; NULL: malloc, silent
  const itp_model *model;  // the network (model.h); NULL: velocity, trained on the linear schedule, given t
  const itp_schedule *schedule;  // to sample under; NULL: the model's own
  const itp_solver *solver;  // solver.h; NULL: "euler", with noise "euler-maruyama"
  const itp_grid *grid;  // grid.h; NULL: "time", the whole path
  const itp_diffusion *diffusion;  // diffusion.h; NULL: none, the flow (ODE)
  int32_t evaluations;  // the budget, 1 .. 100000; 0: 8, and beside nodes of the caller's no limit.
  int32_t noise;  // ITP_NOISE_*
  int32_t start;  // ITP_START_*
  int32_t last;  // ITP_LAST_*
  int32_t singular;  // ITP_SINGULAR_*
  int32_t ends;  // ITP_ENDS_*
} itp_plan_desc;
// Makes a plan, the caller's to give back with itp_plan_free. *out is NULL on failure.
int itp_plan_new(const itp_plan_desc *desc, itp_plan **out);
// Whether a plan of this description reads a field of it, whatever its value: "eta", say.
int itp_plan_reads(const itp_plan_desc *desc, const char *field);
// Gives it back. NULL is allowed. Samplers and fits hold their plan: free it whenever you like, on any thread.
void itp_plan_free(itp_plan *plan);
enum
{
  ITP_SOLVER_NAME = 64
};
// A plan, but for its rows.
typedef struct itp_plan_info
{
  size_t size;
  int32_t rows;  // network evaluations
  int32_t steps;  // steps of the solver
  int32_t slots;  // arrays of dim elements per sample that running it needs: slot 0 is the caller's x
  int32_t normals;  // indices m of xi_m are below this; xi_0 is the start. With ITP_NOISE_PATH they are a few dozens out of 2^29 .. 2^31 - 1 (noise.h), and this is no count of anything
  double start_scale;  // standard deviation of the noise in Y_0
  double u_start;  // positions that the plan goes from and to
  double u_end;  // positions that the plan goes from and to
  int32_t reserved;
  int32_t carries;  // 1: rows read normals of a Brownian path that the row before reads, too. A sampler has an array more, besides `slots`, in which a row sums up for the next one what it draws
  double start_data;  // for a start from data X: Y_0 = start_data X + start_scale xi_0 (ITP_X_DATA)
  double end_scale;  // of the last state, see itp_plan_row; 1 at u = 1: the data themselves
  const struct itp_term *start_terms;  // Y_0 as a sum of normals instead of start_scale xi_0, as centred starts with ITP_NOISE_PATH have it; owned by the plan
  int32_t start_term_count;  // 0: start_scale xi_0
  int32_t starts_inside;  // 1: at its start a state holds data beside the noise, markedly more than at the network's own noise end: it is meant for ITP_X_DATA or ITP_X_GIVEN
  int32_t unspent;  // evaluations of the budget that no step can make, as the grid has too few nodes
  int32_t reserved2;
  const char *solver;  // the name of the method, "runge-kutta" for a tableau of the caller's, "rows" for rows that no solver of the library's made; owned by the plan
  double amplification;
} itp_plan_info;
// What there is to know of a plan besides its rows.
int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out);
enum
{
  ITP_COLUMN_STATE = 0,
  ITP_COLUMN_OUTPUT = 1,
  ITP_COLUMN_NORMAL = 2
};
// coef times a column, a summand of a row.
typedef struct itp_term
{
  int32_t column;  // ITP_COLUMN_*
  int32_t index;  // Y_index, F_index (as kept, where an earlier row kept it), xi_index
  int32_t slot;  // array that holds it when the row runs; -1 for a normal
  int32_t reserved;
  double coef;  // what the column is multiplied by
} itp_term;
// Row i: the evaluation of the network at Y_i that gives F_i, and the sum of terms that Y_{i+1} then is.
typedef struct itp_plan_row
{
  size_t size;
  double time;  // what the network is given
  double u;  // where: position on the path, time of the sampling schedule
  double t;  // where: position on the path, time of the sampling schedule
  const itp_term *terms;  // of Y_{i+1}; owned by the plan
  int32_t term_count;  // of `terms`
  int32_t keep;  // 1: after the row F_i becomes keep_state Y_i + keep_output F_i
  double keep_state;  // read where keep is 1
  double keep_output;  // read where keep is 1
  int32_t x_slot;  // of Y_i, F_i, Y_{i+1}
  int32_t out_slot;  // of Y_i, F_i, Y_{i+1}
  int32_t next_slot;  // of Y_i, F_i, Y_{i+1}
  int32_t reserved;  // of Y_i, F_i, Y_{i+1}
  double data_state;  // the data prediction here is data_state Y_i + data_output F_i (F_i as the network returned it); both 0 where one of them has no finite limit
  double data_output;  // the data prediction here is data_state Y_i + data_output F_i (F_i as the network returned it); both 0 where one of them has no finite limit
  double scale;  // alpha + beta of the network's schedule here: Y_i = scale ((1 - u) Z + u X) on the path
  int32_t step;  // the solver's step that the row is part of, of how many
  int32_t steps;  // the solver's step that the row is part of, of how many
  int32_t ends_step;  // 1: Y_{i+1} is where that step ends. 0: a stage between two nodes or, with stochastic-heun, sea, shark and churned steps, that end with the noise added at which the next step begins
  int32_t reserved2;
} itp_plan_row;
// Rows that somebody else found: a plan to be made of them.
typedef struct itp_plan_rows
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent
  const itp_plan_row *rows;  // copied with their terms, which stand in this order: states, outputs, normals, each by increasing index; each row has the size that the first one says.
  int32_t row_count;  // 1 .. 1000000
  int32_t steps;  // 0: every row is a step, and need not say so
  double start_scale;  // as in itp_plan_info; without these two and start_terms it is Y_0 = xi_0
  double start_data;  // as in itp_plan_info; without these two and start_terms it is Y_0 = xi_0
  double u_start;  // both 0: the whole path, 0 to 1
  double u_end;  // both 0: the whole path, 0 to 1
  double end_scale;  // 0: 1
  const itp_term *start_terms;  // normals by increasing index; copied
  int32_t start_term_count;  // of start_terms
  int32_t starts_inside;  // as in itp_plan_info
  const char *solver;  // what made them, for itp_plan_info; NULL: "rows". Copied
} itp_plan_rows;
// Makes a plan of rows, a program's own or those that another plan has: with all of them, and its info, it runs to the same bits.
int itp_plan_from_rows(const itp_plan_rows *rows, itp_plan **out);
// Row i, 0 <= i < itp_plan_info.rows, else ITP_E_RANGE. Writes at most out->size bytes; the terms belong to the plan. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread.
int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out);
enum
{
  ITP_ORIGIN_NAME = 64
};
// Where a fitted plan (fit.h) comes from; saved and loaded with it. Errors are root mean squares to the converged end point, before and after the fit, on the seeds fitted on and on those held out.
typedef struct itp_plan_origin
{
  size_t size;
  char network[ITP_ORIGIN_NAME];  // as the user named it, with a final 0; cut where it is longer
  uint64_t seed;  // of the first seed, where there is a range of them
  uint64_t first;  // of the first seed, where there is a range of them
  uint64_t count;  // seeds in all, and how many of them only chose; count 0: not a fitted plan
  uint64_t held_out;  // seeds in all, and how many of them only chose; count 0: not a fitted plan
  double before;  // the errors
  double before_held_out;  // the errors
  double after;  // the errors
  double after_held_out;  // the errors
  double guidance;  // that it was fitted with; samplers of another one warn
  double guidance_low;  // that it was fitted with; samplers of another one warn
  double guidance_high;  // that it was fitted with; samplers of another one warn
  double ridge;  // damping of the last step
  uint64_t test;  // so many more seeds chose nothing; 0: none
  double before_test;  // errors on these; 0: not judged
  double after_test;  // errors on these; 0: not judged
  double guidance_most;  // that it was fitted with all scales up to, from `guidance` on; 0: with the one
} itp_plan_origin;
// Where a plan comes from; count 0: it is not a fitted one. Writes at most out->size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread.
int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out);
// The states of a plan in the coordinates of `schedule` (NULL: linear): the state that row i evaluates, or for i = rows the last one, lies at its time *t and is *factor times Y_i; 0 at a point mass.
int itp_plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t, double *factor);
// The plan under `schedule` (NULL: linear) that makes the same process: its states are c times those of `plan` at corresponding times, step by step and not only in the limit.
int itp_plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out);
int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
// A run of a plan over a batch. It belongs to one thread at a time.
typedef struct itp_sampler itp_sampler;
enum
{
  ITP_X_NOISE = 0,
  ITP_X_GIVEN = 1,
  ITP_X_DATA = 2
};
enum
{
  ITP_KERNEL_AUTO = 0,
  ITP_KERNEL_PORTABLE = 1,
  ITP_KERNEL_OPENBLAS = 2
};
// Evaluate the network: read x, write every element of out, both [count][dim] of `type`. x is the run's own state: it is not the network's to change.
typedef struct itp_request
{
  size_t size;
  const void *x;
  void *out;
  size_t count;
  size_t dim;
  double time;  // what the network is given, the same for every sample
  double u;  // position on the path
  int32_t row;  // this evaluation, of how many
  int32_t rows;  // this evaluation, of how many
  int32_t type;
  int32_t reserved;
  uint64_t first;  // of the batch
  void *out2;  // guided batches: write the unconditional output here, the conditional one to out. NULL in rows that need none
  double guidance;  // the scale with which the two are combined; 1 where out2 is NULL
  double data_state;  // the data prediction is data_state x + data_output F; both 0: see itp_plan_row
  double data_output;  // the data prediction is data_state x + data_output F; both 0: see itp_plan_row
  int32_t step;  // of the solver: the one that this evaluation is part of, of how many
  int32_t steps;  // of the solver: the one that this evaluation is part of, of how many
  int32_t ends_step;  // 1: the state after this row is where that step ends
  int32_t reserved2;
  const double *times;  // NULL, but for adaptive runs, whose samples each have a place of their own.
  const double *positions;  // NULL, but for adaptive runs, whose samples each have a place of their own.
  const double *guidances;  // NULL, but for adaptive runs, whose samples each have a place of their own.
  const double *data_states;  // NULL, but for adaptive runs, whose samples each have a place of their own.
  const double *data_outputs;  // NULL, but for adaptive runs, whose samples each have a place of their own.
  const uint64_t *index;  // NULL, but for adaptive runs, whose samples each have a place of their own.
} itp_request;
typedef int (*itp_data_fn)(void *user, const itp_request *request, void *data);
typedef int (*itp_row_fn)(void *user, const itp_request *request, const void *state, const void *data);
// What a plan is run over: how many samples of what size and type, how they begin, and what looks on. Zero is the default of every field but dim and count.
typedef struct itp_batch
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent.
  size_t dim;  // elements per sample; samples, of a sampler the most that a run may have; at least 1: x is [count][dim], without gaps
  size_t count;  // elements per sample; samples, of a sampler the most that a run may have; at least 1: x is [count][dim], without gaps
  uint64_t seed;  // seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.
  uint64_t first;  // seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.
  const uint64_t *seeds;  // seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.
  int32_t type;  // ITP_FLOAT32, which 0 means too, or ITP_FLOAT64: of x, out and the workspace
  int32_t x;  // ITP_X_NOISE: x is overwritten with the start; ITP_X_GIVEN: x holds the state, as itp_start.given; ITP_X_DATA: x holds data, as itp_start.data = x
  int32_t kernel;  // ITP_KERNEL_*; OPENBLAS gives ITP_E_UNSUPPORTED in a build without it
  int32_t check_finite;  // 1: look for NaN and infinity in every output of the network. Until the network writes them, out and out2 hold NaN, so that an output that was not, or not wholly, written gives ITP_E_NONFINITE too
  double guidance;  // classifier-free guidance with this scale (itp_guide, guidance.h): requests have an out2, submit combines the two outputs. 0 or 1: off (for a scale of 0, evaluate without the condition)
  double guidance_low;  // only in rows with u in [low, high]; elsewhere out alone counts. high 0: 1
  double guidance_high;  // only in rows with u in [low, high]; elsewhere out alone counts. high 0: 1
  itp_data_fn on_data;  // NULL: none
  itp_row_fn on_row;  // NULL: none
  void *user;  // of both
  int32_t row_data;  // 1: on_row gets the data prediction
  int32_t row_scaled;  // 1: on_row gets its state in the coordinates of row_schedule instead of the network's: multiplied by itp_plan_coordinates' factor
  const itp_schedule *row_schedule;  // NULL: linear; read while the sampler is made only
  void *workspace;  // NULL: allocated. Else the sampler lives in it until it is freed, and the allocator is not called at all. Aligned to 64 bytes; with less than `needed` bytes ITP_E_RANGE, not aligned ITP_E_ARGUMENT.
  size_t workspace_bytes;  // of `workspace`
  itp_noise_fn noise;  // NULL: the normals of (seed, sample). Else this callback draws them (noise.h); seed and seeds must be 0 then, and the plan one with ITP_NOISE_STEPS, or without noise but for the start.
  void *noise_user;  // NULL: the normals of (seed, sample). Else this callback draws them (noise.h); seed and seeds must be 0 then, and the plan one with ITP_NOISE_STEPS, or without noise but for the start.
  size_t *needed;  // NULL, or where the functions that make samplers write how many bytes the sampler takes, in one piece aligned to 64 bytes.
} itp_batch;
int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out);
// Gives a sampler back, at any moment, also in the middle of a run, whose x then holds an intermediate state. NULL is allowed. A workspace of the caller's is the caller's again.
void itp_sampler_free(itp_sampler *sampler);
// What a run begins from: {.size, .x, .seed} is noise, drawn.
typedef struct itp_start
{
  size_t size;
  void *x;  // [count][dim] of the caller's, which must stay alive until the run is over; it holds intermediate states meanwhile, and the samples at the end
  const void *data;  // NULL, or data X [count][dim], which may be x: the run begins at start_data X + start_scale xi_0, the state that a plan with u_start > 0 or a reversed one starts from (img2img, inversion)
  int32_t given;  // 1: x holds the first state Y_0 already
  int32_t reserved;  // 0
  size_t count;  // samples, at most the batch's count, which 0 means
  uint64_t seed;  // sample i draws from (seed, first + i): any split of a batch gives the same samples
  uint64_t first;  // sample i draws from (seed, first + i): any split of a batch gives the same samples
  const uint64_t *seeds;  // NULL, or [count], a seed for each sample: sample i draws from (seeds[i], 0). Copied
} itp_start;
// Starts, or starts again, where a run that was under way is abandoned; nothing is allocated.
int itp_sampler_begin(itp_sampler *sampler, const itp_start *start);
// ITP_EVALUATE: *request says what to evaluate; calling it again before a submit gives the same request.
int itp_sampler_next(itp_sampler *sampler, itp_request *request);
// The output is there: runs the row.
int itp_sampler_submit(itp_sampler *sampler);
// Writes where the run is into `buffer`: the row and the arrays that later rows read.
int itp_sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed);
int itp_sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x);
// The user's network: reads request->x, writes all of request->out. 0: go on; > 0: stop, and itp_sample returns that number; < 0: stop, and itp_sample returns ITP_E_CALLBACK.
typedef int (*itp_network_fn)(void *user, const itp_request *request);
// One run of a sampler: begins with `start`, and evaluates `network` until the run is over.
int itp_sampler_run(itp_sampler *sampler, const itp_start *start, itp_network_fn network, void *user);
// Runs `plan` over `batch` into x [count][dim]: a sampler for one run, which begins as the batch's seed, first, seeds and x say.
int itp_sample(const itp_plan *plan, const itp_batch *batch, void *x, itp_network_fn network, void *user);
// A run that chooses its own steps, each sample's by itself. Zero is the default of every field.
typedef struct itp_adaptive_desc
{
  size_t size;
  const itp_env *env;  // NULL: the batch's. Where that has none, the sampler gets this one as its batch's; two that differ are an error
  const itp_model *model;  // NULL: a velocity network trained on the linear schedule, given t. Its schedule is held by the run, its user data must stay as long
  const itp_schedule *schedule;  // to sample under; NULL: the model's own. Held by the run
  const itp_solver *solver;  // "tsit5" 5(4), which NULL means too, "dopri5" 5(4), "bosh3" 3(2), "heun" 2(1), or a tableau of the caller's with `embedded`; copied
  double rtol;  // 0: 1e-5; < 0: none, but not both
  double atol;  // 0: 1e-5; < 0: none, but not both
  double first_step;  // all three in the sampling schedule's t; 0: by the rule of Hairer, Norsett, Wanner, II.4, at the price of one evaluation
  double min_step;  // a smaller step is ITP_E_STEP, but for the last one; 0: where t stands still
  double max_step;  // 0: no limit
  double controller[3];  // step factor: safety e1^(-c0/q) e2^(-c1/q) e3^(-c2/q) with the errors of the last three accepted steps, newest first, q the order of the estimate + 1.
  double safety;  // 0 < safety < 1; 0: 0.9
  double shrink;  // limits of the factor: 0 < shrink < 1 < grow; after a rejection it is at most 1. 0: 0.2 and 10
  double grow;  // limits of the factor: 0 < shrink < 1 < grow; after a rejection it is at most 1. 0: 0.2 and 10
  double u_start;  // 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules; u_end 0: 1
  double u_end;  // 0 <= u_start < u_end <= 1. u_start 0: the noise end of both schedules; u_end 0: 1
  int32_t max_evaluations;  // of a sample; 0: 100000; < 0: no limit
  int32_t reversed;  // 1: backward, from u_end to u_start
} itp_adaptive_desc;
// How a sample is doing.
typedef struct itp_adaptive_statistics
{
  size_t size;
  int32_t status;  // ITP_EVALUATE: under way; ITP_OK: finished; or the error that ended it
  int32_t accepted;  // so many steps, and evaluations of the network, until now
  int32_t rejected;  // so many steps, and evaluations of the network, until now
  int32_t evaluations;  // so many steps, and evaluations of the network, until now
  double t;  // of the sampling schedule: the last accepted step ended at t and began at t_before
  double t_before;  // of the sampling schedule: the last accepted step ended at t and began at t_before
  double u;  // the position at t, or that of the end once it is reached
  double step;  // the length of the step under way, in t; negative when the run goes backward. 0: none
} itp_adaptive_statistics;
// Creates a sampler that runs adaptively, as itp_sampler_new does one of a plan; all that samplers have it has too.
int itp_sampler_new_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out);
int itp_adaptive_outputs(itp_sampler *sampler, size_t count, const double *times, void *states);
int itp_adaptive_state_at(const itp_sampler *sampler, size_t sample, double t, void *out);
// How a sample of the run is doing, sample < the run's count, also after the run.
int itp_adaptive_get_statistics(const itp_sampler *sampler, size_t sample, itp_adaptive_statistics *out);
// A covariance, as somebody gave or as samples made it. It never changes, and threads may share it.
typedef struct itp_covariance itp_covariance;
enum
{
  ITP_COVARIANCE_DIAGONAL = 1,
  ITP_COVARIANCE_BASIS = 2
};
// A mean and a covariance. Everything is copied.
typedef struct itp_covariance_desc
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent
  size_t dim;  // elements of a sample, vectors: rank is for "basis", 1 .. dim
  size_t rank;  // elements of a sample, vectors: rank is for "basis", 1 .. dim
  const double *mean;  // [dim]; NULL: 0
  const double *variances;  // diagonal: [dim], basis: [rank]; finite, >= 0
  const double *basis;  // [rank][dim]: orthonormal to 1e-6
  double rest;  // basis, rank < dim: the variance in every direction orthogonal to it
  double floor;  // variances below this times the largest are raised to it; > 0, at most 1; 0: 1e-6
  int32_t kind;  // ITP_COVARIANCE_*; 0: diagonal
  int32_t reserved;
} itp_covariance_desc;
// Makes a covariance of its numbers, the caller's to give back with itp_covariance_free.
int itp_covariance_new(const itp_covariance_desc *desc, itp_covariance **out);
// Gives it back. NULL is allowed. Plans hold their covariance: free it whenever you like, on any thread.
void itp_covariance_free(itp_covariance *covariance);
// From samples of the data, such as the end of a long run.
typedef struct itp_covariance_estimation
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent
  const void *samples;  // [count][dim] of `type`
  size_t dim;  // count >= 2
  size_t count;  // count >= 2
  size_t rank;  // basis: so many of the largest components, 0: all. The rest gets the mean of their variances
  double shrinkage;  // at most 1: Sigma := (1 - shrinkage) S + shrinkage (tr S/dim) I, S divided by count; 0: the shrinkage of Ledoit and Wolf 2004; < 0: none. Not for "diagonal", which has none
  double floor;  // as in itp_covariance_desc
  int32_t type;  // ITP_FLOAT32, which 0 means too, or ITP_FLOAT64
  int32_t kind;  // ITP_COVARIANCE_*; 0: basis
} itp_covariance_estimation;
// Makes a covariance from samples, as itp_covariance_new does from numbers. "basis" takes about dim^2 (count + 5 dim) operations and 24 dim^2 bytes while it runs.
int itp_covariance_estimate(const itp_covariance_estimation *estimation, itp_covariance **out);
// What a covariance is made of.
typedef struct itp_covariance_info
{
  size_t size;
  size_t dim;  // rank of "diagonal": dim
  size_t rank;  // rank of "diagonal": dim
  const double *mean;  // [dim] or NULL; all arrays are the covariance's own
  const double *variances;  // raised to the floor; [rank], decreasing if estimated; NULL if diagonal
  const double *basis;  // raised to the floor; [rank], decreasing if estimated; NULL if diagonal
  double rest;  // 0 when rank is dim
  double shrinkage;  // of an estimate, as used
  int32_t kind;  // kind: ITP_COVARIANCE_*
  int32_t reserved;  // kind: ITP_COVARIANCE_*
} itp_covariance_info;
// The numbers of a covariance. Writes at most out->size bytes; the arrays belong to the covariance. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread.
int itp_covariance_get_info(const itp_covariance *covariance, itp_covariance_info *out);
// A plan for each band. Immutable and shareable, as plans are.
typedef struct itp_covariance_plan itp_covariance_plan;
// What the plans of the bands are to be. Zero is the default of every field but `covariance`.
typedef struct itp_covariance_plan_desc
{
  size_t size;
  const itp_env *env;  // NULL: that of `plan`; two that differ are an error
  const itp_covariance *covariance;  // held by the plan
  const itp_plan_desc *plan;  // network, solver, evaluations and, with its grid and schedule, the positions u. NULL: all defaults. No k, diffusion, s_churn, gamma or restarts, not reversed, start must be ITP_START_EVALUATE
  int32_t clock;  // ITP_CLOCK_* of the bands' schedules; ITP_CLOCK_DEFAULT: angle, and identity for solvers with several evaluations to a step, whose stages must agree
  int32_t bands;  // at most so many, of equal width in the log of the variance; 0: 16; < 0: one for each component. At most 4096, also where there are more components
  double power;  // s of a band is its deviation to this power, at most 2; 0: 1, exact for Gaussian data; less for what is far from Gaussian: docs/covariance.md; < 0: none, every s is 1
} itp_covariance_plan_desc;
// Makes a plan for each band, the caller's to give back with itp_covariance_plan_free. *out is NULL on failure.
int itp_covariance_plan_new(const itp_covariance_plan_desc *desc, itp_covariance_plan **out);
// Gives it back. NULL is allowed. Samplers hold their plan: free it whenever you like, on any thread.
void itp_covariance_plan_free(itp_covariance_plan *plan);
// What the plans of all bands have in common.
typedef struct itp_covariance_plan_info
{
  size_t size;
  int32_t rows;  // network evaluations; bands, of which the last is the rest's where rank < dim
  int32_t bands;  // network evaluations; bands, of which the last is the rest's where rank < dim
  double u_start;  // positions that the plans go from and to
  double u_end;  // positions that the plans go from and to
} itp_covariance_plan_info;
// How many rows and bands there are. Writes at most out->size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out->size is none. Any thread.
int itp_covariance_plan_get_info(const itp_covariance_plan *plan, itp_covariance_plan_info *out);
// The numbers of a band, for programs with kernels of their own: the rows of `plan`, and in row i the constant mean_terms[i] times the mean (its component along the vector).
typedef struct itp_covariance_band
{
  size_t size;
  const itp_plan *plan;
  const double *mean_terms;  // [rows]; 0 without a mean
  const int32_t *members;  // [rank], of the whole covariance: the band of each component
  double s;  // of the band's schedule, see `power` of the description
} itp_covariance_band;
// Band i, 0 <= i < itp_covariance_plan_info.bands, else ITP_E_RANGE. Writes at most out->size bytes; what its pointers point to belongs to the plan.
int itp_covariance_plan_get_band(const itp_covariance_plan *plan, int32_t i, itp_covariance_band *out);
// Creates a sampler of a covariance plan, as itp_sampler_new does of a plan; all that samplers have it has too.
int itp_sampler_new_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out);
// What a fit has done so far, and in the end. Errors are root mean squares to the converged end point.
typedef struct itp_fit_report
{
  size_t size;
  double before;  // of the plan that came in, on the seeds fitted on and on those held out
  double before_held_out;  // of the plan that came in, on the seeds fitted on and on those held out
  double after;  // of the best plan so far
  double after_held_out;  // of the best plan so far
  double before_test;  // of both on the seeds that chose nothing: what to expect elsewhere; 0 before the end, and without such seeds
  double after_test;  // of both on the seeds that chose nothing: what to expect elsewhere; 0 before the end, and without such seeds
  double ridge;  // the damping of the last step taken; 0: none was
  double reference_error;  // the reference against one half as fine; 0 for the caller's reference
  uint64_t evaluations;  // of the network, counted by samples (twice where guidance asks for two outputs)
  uint64_t reference_evaluations;  // the share of the reference
  int32_t iterations;  // done with all seeds, by the finalist at work or, in the end, by the last one
  int32_t parameters;  // how many numbers are fitted
  int32_t reference_rows;  // evaluations per sample of the reference
  int32_t start;  // which plan the best one comes from: 0: the one that came in; i: starts[i - 1]
  int32_t greedy;  // 1: from its greedy version
  int32_t starts;  // how many took part in the race, greedy versions included
  uint64_t race_evaluations;  // the share of greedy rows and of the race
  double u_last;  // where on the path the library's reference asks the network for the last time, if it must not be asked later (itp_fit_expert.u_last); else 0
} itp_fit_report;
// The user's map of samples x [count][dim] to features [count][features], both of the fit's type; `first` is the index of the first sample, as in a request.
typedef int (*itp_feature_fn)(void *user, const void *x, size_t count, uint64_t first, void *features);
typedef int (*itp_fit_progress_fn)(void *user, const itp_fit_report *report);
// What is rarely set. The words are explained in docs/fit.md.
typedef struct itp_fit_expert
{
  size_t size;
  double ridge;  // the damping of every step, > 0; 0: chosen anew for each
  double gain;  // how much large coefficients count against a plan, > 0; 0: 0.2
  int32_t no_gain;  // 1: they do not count
  int32_t outputs;  // how many of the last outputs of the network a row takes: so many arrays, and one, are needed to run the plan; 0: all
  int32_t fixed_nodes;  // 1: the nodes stay where they are, only coefficients are fitted
  int32_t no_greedy;  // 1: plans start as they are, and not also with rows fitted one after the other. Then, where `ends` are given, no fine run is needed
  int32_t race;  // steps of each start in a round of the race; 0: 2
  int32_t no_race;  // 1: no steps before the choice, the start of least error goes on
  int32_t finalists;  // how many starts are left at the end of the race, each to go the whole way; 0: 1
  int32_t no_test;  // 1: no seeds are kept apart to judge the best plan on in the end
  const itp_solver *reference_solver;  // of the fine runs that the library makes; NULL: ab3
  const itp_plan *reference;  // a fine plan from the same start to the same end, whose samples are the converged ones; NULL: the library makes it
  const void *ends;  // [count][dim] of the fit's type: the converged samples themselves; read by itp_fit_new only. NULL: those of the reference
  void *ends_out;  // [count][dim]: gets them, for further fits; stays as long as the fit; may be `ends`. NULL: nowhere
  double u_last;
} itp_fit_expert;
// Zero is the default of every field but dim.
typedef struct itp_fit_desc
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent. Its parallel_for is for the samplers of the reference
  const itp_model *model;  // of the network, as when the plan was made; NULL: velocity, linear, given t
  size_t dim;  // elements per sample, at least 1
  size_t count;  // seeds in all, at least 2; 0: 64
  size_t held_out;  // the last so many are for choosing only, fewer than count; 0: a quarter
  size_t test;
  uint64_t seed;  // as in itp_batch: sample i draws from (seed, first + i),
  uint64_t first;  // as in itp_batch: sample i draws from (seed, first + i),
  const uint64_t *seeds;  // or from (seeds[i], 0). Requests carry first + i in both cases. Copied
  int32_t type;  // ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features
  int32_t iterations;  // steps with all seeds at most; 0: 10
  size_t batch;  // samples per evaluation of the network at most; 0: 64
  int32_t reference_rows;  // evaluations per sample of the finest reference that may be tried; 0: 1024
  int32_t reserved;
  double tolerance;  // two refinements of the reference must agree to this, relative to the root mean square of the samples; 0: 0.002
  const itp_plan * const *starts;  // [start_count] plans of the same model and start, of as many rows and the same end, or of fewer rows: these grow. The list is copied
  size_t start_count;  // at most 1000
  double guidance;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  double guidance_low;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  double guidance_high;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  double guidance_most;  // above guidance: the plan is for all scales from guidance (0: 1) to this; every seed has one of them, evenly spread, and requests have `guidances`. 0: for the one scale
  itp_feature_fn feature;  // NULL: the samples
  void *feature_user;  // given to `feature`
  size_t features;  // per sample; with `feature` only
  itp_fit_progress_fn progress;  // NULL: none
  void *progress_user;  // given to `progress`
  const char *name;  // of the network, for the plan's origin (plan.h), cut after 63 bytes; NULL: ""
  itp_fit_report *report;  // of itp_plan_fit: filled as far as the fit came, also when it fails; NULL: none
  const itp_fit_expert *expert;  // NULL: all zero
} itp_fit_desc;
// Fits `plan`, which stays as it is; *better is the new one, to be freed by the caller, NULL on failure.
int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user, itp_plan **better);
// A fit under way.
typedef struct itp_fit itp_fit;
// Checks everything, asks for the memory, and goes as far as is possible without the network.
int itp_fit_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fit **out);
// Gives a fit back, at any moment, also in the middle. NULL is allowed.
void itp_fit_free(itp_fit *fit);
// ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that it belongs to.
int itp_fit_next(itp_fit *fit, itp_request *request);
// The outputs asked for are there: does all that can be done with them.
int itp_fit_submit(itp_fit *fit);
// How far the fit is. Writes at most report->size bytes. ITP_E_SIZE: report->size is none; ITP_E_ARGUMENT: a NULL pointer.
int itp_fit_get_report(const itp_fit *fit, itp_fit_report *report);
// Makes the best plan so far, to be freed by the caller, as often as wanted, and also of a fit that has failed. *better is NULL on failure.
int itp_fit_plan(const itp_fit *fit, itp_plan **better);
// Classifier-free guidance (2207.12598): out[i] = uncond[i] + scale (cond[i] - uncond[i]), i < count.
int itp_guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count);
// Autoguidance (2406.02507): the same combination, out = weak + scale (strong - weak), of a network and a weaker one (smaller, or trained less) under the same condition.
int itp_autoguide(int32_t type, const void *strong, const void *weak, double scale, void *out, size_t count);
double itp_guidance_at(double scale, double low, double high, double u);
int itp_guidance_cfgpp(double lambda, double u, double u_next, double *scale);
int itp_guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi, void *out, size_t count, size_t dim);
// Adaptive projected guidance (2410.02416, algorithm 1).
typedef struct itp_apg
{
  size_t size;
  double scale;  // as in itp_guide; 0 or 1: out is cond (for a scale of 0, take uncond)
  double eta;  // how much of the parallel part stays: 0 in the paper, 1 for plain guidance
  double momentum;  // 0: none; the paper uses negative ones
  double threshold;  // > 0, or 0: no limit
  void *average;  // [count][dim] of the caller, zeros before a run's first evaluation; NULL when momentum is 0. It may not be one of the other arrays
} itp_apg;
// That for count samples of dim elements; `average` is written. ITP_E_ARGUMENT is also a NULL apg, and momentum without an average; ITP_E_SIZE, ITP_E_NEWER, ITP_E_OLDER: the size of *apg.
int itp_guide_apg(const itp_apg *apg, int32_t type, const void *cond, const void *uncond, void *out, size_t count, size_t dim);
// Static thresholding: data[i] is brought into [low, high], low <= high; NaN stays.
int itp_threshold_static(int32_t type, void *data, double low, double high, size_t count);
int itp_threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim);
enum
{
  ITP_NEEDS_TABLE = 1,
  ITP_NEEDS_VALUES = 2,
  ITP_NEEDS_FUNCTION = 4
};
// One of a kind. The texts are static and never NULL, but for aliases.
typedef struct itp_entry
{
  size_t size;
  const char *name;  // ours
  const char *aliases;  // others, "a,b"; NULL: none. What differs in normal form alone is not listed
  const char *about;  // one line
  const char *flow;  // what the owners of the names mean by them where the network is a flow, its velocity on the linear schedule: "karras" in diffusers is then "karras-flow". "": the same
  int32_t id;  // the number that stands for it in descriptions; 0 for kinds without one
  int32_t others;  // itp_kind_find: 1 where the name was not our own spelling
  int32_t needs;  // ITP_NEEDS_*
  int32_t order;  // solvers: the order; else 0
  int32_t evaluations;  // solvers: of a full step
  int32_t takes_k;  // solvers: 1 where they are for any diffusion eps = k eps*
  int32_t own_noise;  // solvers: 1 where they bring noise of their own (eta, s_noise, ...)
  int32_t reserved;
  char parameters[456];  // the fields that it reads, with range and default: "rho (positive and finite; 7), ..."
} itp_entry;
// The i-th of a kind, i = 0, 1, ..., the default first.
int itp_kind_at(const char *kind, int32_t i, itp_entry *out);
// The one of a kind that has this name, ours or another program's.
int itp_kind_find(const char *kind, const char *name, itp_entry *out);
// A path on which samples lie, evaluated between the times at which they were recorded.
typedef struct itp_path itp_path;
// What was recorded, and how it came about.
typedef struct itp_path_desc
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent. Its log is used by itp_path_at too
  const itp_schedule *schedule;  // A, of times and states; NULL: linear. Read during the call only
  const double *times;  // [time_count], strictly increasing, in [0, 1]; copied
  const void *states;  // [time_count][count][dim] of `type`; must stay alive as long as the path
  size_t dim;  // both at least 1
  size_t count;  // both at least 1
  int32_t time_count;  // at least 1
  int32_t type;  // ITP_FLOAT32, which 0 means too, or ITP_FLOAT64
  double k;  // of eps = k eps*, finite and >= 0; 0: a flow
  itp_k_fn k_fn;  // used instead of k where not NULL; called by itp_path_new and itp_path_at, which takes k to be the same over a step as where it is asked
  void *k_user;  // given to k_fn
  int32_t noise;  // ITP_NOISE_PATH: sample i was driven by the Brownian path of (seed, first + i) or (seeds[i], 0), as batches are; ITP_NOISE_STEPS: by something else, so that between states are straight lines
  int32_t reserved;
  uint64_t seed;  // of the Brownian paths, as in itp_batch
  uint64_t first;  // of the Brownian paths, as in itp_batch
  const uint64_t *seeds;  // [count] or NULL; copied
} itp_path_desc;
// Makes a path, the caller's to give back with itp_path_free; it never changes. *out is NULL on failure.
int itp_path_new(const itp_path_desc *desc, itp_path **out);
// Gives it back; the states are the caller's. NULL is allowed. No thread may be in itp_path_at then.
void itp_path_free(itp_path *path);
// The states at the time t of `schedule` (NULL: linear), in its coordinates, into out [count][dim] of the path's type: a recorded state times c (also where t is rounded), or between two of them.
int itp_path_at(const itp_path *path, const itp_schedule *schedule, double t, void *out);
enum
{
  ITP_PLAN_JSON_VERSION = 2
};
// Writes the plan with its final 0; *needed, where not NULL, gets the bytes of that. `text` may be NULL when capacity is 0, which only asks for the size.
int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
// Makes the plan that `length` bytes of text say (without a final 0; none is looked for). *out is NULL on failure, and the sentence names the place.
int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out);
// What a search has done so far.
typedef struct itp_search_report
{
  size_t size;
  uint64_t evaluations;  // of the network, counted by samples (twice where guidance asks for two outputs)
  uint64_t reference_evaluations;  // the share of the converged samples
  uint64_t shared;  // how many more there would be, if candidates shared none
  double reference_error;  // the reference against one half as fine; 0 where the ends were given
  int32_t reference_rows;  // evaluations per sample of the reference; 0 where the ends were given
  int32_t names;  // texts that make a plan, for all budgets
  int32_t candidates;  // plans that differ
  int32_t refused;  // texts that make none, or one that begins or ends elsewhere
  int32_t rounds;  // done, the rehearsal not counted
  int32_t running;  // candidates that are left
  int32_t over;  // 1: the search has come to its end
  int32_t reserved;
} itp_search_report;
// A candidate's place in the ranking of its budget. Errors are root mean squares to the converged samples, or to their features.
typedef struct itp_search_entry
{
  size_t size;
  const char *text;  // the text form of its plan (text.h), owned by the search
  double error;  // on `seeds` seeds: those of the test where `tested` is 1, else those that it was chosen by; infinite: its samples are not finite
  double standard_error;  // of `error`, from its spread over the seeds; 0 of fewer than two
  double chosen;  // its error on the seeds that it was chosen by, by which the ranking goes
  double rehearsed;  // what the rehearsal made of it; 0: there was none
  uint64_t seeds;  // that `error` is of
  int32_t tested;  // 1: these are seeds that chose nothing
  int32_t round;  // the round after which it left; 0: after the rehearsal; -1: it is still there
  int32_t evaluations;  // per sample
  int32_t names;  // how many texts make the same plan
  int32_t status;  // why the text makes no plan, which ranks it last; of `texts` only
  int32_t reserved;
} itp_search_entry;
// After the converged samples, after the rehearsal, and after every round. > 0 ends the search with the ranking so far and status 0; < 0 ends it with ITP_E_CALLBACK.
typedef int (*itp_search_progress_fn)(void *user, const itp_search_report *report);
// Zero is the default of every field but dim.
typedef struct itp_search_desc
{
  size_t size;
  const itp_env *env;  // NULL: malloc, silent
  const itp_model *model;  // of the network; NULL: the one that `common` names, or velocity, linear, given t
  const char *common;  // what all candidates have in common, as the items of a plan's text: "model=data" (beside `model` none), "ends=evaluate"; NULL: nothing. Copied
  size_t dim;  // elements per sample, at least 1
  size_t count;  // seeds to choose by, at least 2; 0: 32
  size_t test;  // seeds that choose nothing; 0: as many as count
  uint64_t seed;  // as in itp_batch: sample i draws from (seed, first + i),
  uint64_t first;  // as in itp_batch: sample i draws from (seed, first + i),
  const uint64_t *seeds;  // or from (seeds[i], 0), [count + test]. Copied
  int32_t type;  // ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features
  int32_t budget_count;  // at most 32
  const int32_t *budgets;  // evaluations per sample, increasing, at most 100; NULL: 4, 6, 8. Copied
  const char * const *texts;  // [text_count] plans to choose from, "solver=ab2 grid=karras", without the evaluations; NULL: all that make sense. Copied
  size_t text_count;  // at most 100000
  size_t batch;  // samples per evaluation of the network at most; 0: 64
  uint64_t most;  // evaluations that the rounds may take, test included; 0: 2/3 of the reference's for each budget.
  int32_t exhaustive;  // 1: no rehearsal and no rounds, every candidate sees all seeds; `most` is not read
  int32_t reference_rows;  // evaluations per sample of the finest reference that may be tried; 0: 1024
  double tolerance;  // as in itp_fit_desc; 0: 0.002
  const void *ends;  // [count + test][dim] of `type`: the converged samples; read by itp_search_new only. NULL: they are found
  void *ends_out;  // [count + test][dim]: gets them, for fits (itp_fit_expert.ends); stays as long as the search; may be `ends`. NULL: nowhere
  double guidance;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  double guidance_low;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  double guidance_high;  // as in itp_batch: 0 or 1: none; guidance_high 0: 1
  itp_feature_fn feature;  // NULL: the samples
  void *feature_user;  // its first argument
  size_t features;  // per sample; with `feature` only
  itp_search_progress_fn progress;  // NULL: none
  void *progress_user;  // its first argument
  const char *name;  // of the network, for what is printed, cut after 63 bytes; NULL: ""
} itp_search_desc;
// A search under way, or what it has found.
typedef struct itp_search itp_search;
// Checks everything, makes the candidates, which takes a second or two where there are thousands, and goes as far as is possible without the network.
int itp_search_new(const itp_search_desc *desc, itp_search **out);
// Gives a search back, at any moment. NULL is allowed.
void itp_search_free(itp_search *search);
// ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that it belongs to.
int itp_search_next(itp_search *search, itp_request *request);
// The outputs asked for are there: does all that can be done with them.
int itp_search_submit(itp_search *search);
// A whole search: itp_search_new, and a loop until it is over; *out is then what it has found, the caller's to give back with itp_search_free, and NULL on failure.
int itp_search_run(const itp_search_desc *desc, itp_network_fn network, void *user, itp_search **out);
// How far the search is. Writes at most report->size bytes. ITP_E_SIZE: report->size is none; ITP_E_ARGUMENT: a NULL pointer.
int itp_search_get_report(const itp_search *search, itp_search_report *report);
int itp_search_get_entry(const itp_search *search, int32_t evaluations, int32_t rank, itp_search_entry *entry);
// Makes that candidate's plan, to be freed by the caller; *plan is NULL on failure. ITP_E_RANGE as above; the entry's status, where it has one; ITP_E_ARGUMENT; ITP_E_MEMORY.
int itp_search_plan(const itp_search *search, int32_t evaluations, int32_t rank, itp_plan **plan);
int itp_search_print(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed);
int itp_search_to_json(const itp_search *search, int32_t places, char *text, size_t capacity, size_t *needed);
// The plan that a text describes, the caller's to give back with itp_plan_free; *out is NULL on failure, and `why` (may be NULL) has the sentence.
int itp_plan_parse(const char *text, itp_error *why, itp_plan **out);
// The same with the program's memory, log and error; env NULL: malloc, silent.
int itp_plan_parse_with(const char *text, const itp_env *env, itp_plan **out);
// A schedule, "lazy(k=1)", the caller's to give back with itp_schedule_free; *out is NULL on failure.
int itp_schedule_parse(const char *text, itp_error *why, itp_schedule **out);
int itp_solver_parse(const char *text, itp_error *why, itp_solver *out);
// The same of a grid, "karras(rho=3)".
int itp_grid_parse(const char *text, itp_error *why, itp_grid *out);
// The same of a diffusion, "sine(norm=2)".
int itp_diffusion_parse(const char *text, itp_error *why, itp_diffusion *out);
// The text of a plan: at most `capacity` bytes with the final 0, cut to fit, into `text` (NULL where capacity is 0); *needed, where not NULL, gets the bytes of all of it with the final 0.
int itp_plan_print(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
// The text of a schedule, in the same way. ITP_E_UNSUPPORTED, with its sentence in `text`: it has callbacks of the program's, or is that of a name that nothing has.
int itp_schedule_print(const itp_schedule *schedule, char *text, size_t capacity, size_t *needed);
]]

local interp = {C = ffi.load(os.getenv("LIBINTERP_LIBRARY") or "interp")}

-- A struct with its size, these fields, and every other at its default.
function interp.sized(name, fields)
    local made = ffi.new(name, fields or {})
    made.size = ffi.sizeof(name)
    return made
end

return interp
