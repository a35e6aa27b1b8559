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
int32_t itp_version(void);
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
const char *itp_status_string(int status);
typedef struct itp_allocator
{
  size_t size;
  void *(*alloc)(void *user, size_t size, size_t alignment);
  void (*free)(void *user, void *memory, size_t size);
  void *user;
} itp_allocator;
enum
{
  ITP_LOG_ERROR = 1,
  ITP_LOG_WARNING = 2,
  ITP_LOG_INFO = 3
};
typedef struct itp_log
{
  size_t size;
  void (*write)(void *user, int32_t level, const char *message);
  void *user;
} itp_log;
typedef int (*itp_parallel_fn)(void *user, size_t tasks, void (*task)(void *context, size_t index), void *context);
typedef struct itp_error
{
  size_t size;
  int32_t status;
  int32_t reserved;
  char field[64];
  char text[448];
} itp_error;
typedef struct itp_env
{
  size_t size;
  const itp_allocator *memory;
  const itp_log *log;
  itp_parallel_fn parallel_for;
  void *parallel_user;
  itp_error *error;
} itp_env;
enum
{
  ITP_FLOAT32 = 1,
  ITP_FLOAT64 = 2
};
void itp_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);
int itp_normals(uint64_t seed, uint64_t sample, uint32_t m, uint64_t first, int32_t type, void *out, size_t count);
int itp_brownian(uint64_t seed, uint64_t sample, double from, double to, uint64_t first, int32_t type, void *increment, void *area, size_t count);
typedef struct itp_noise_request
{
  size_t size;
  uint64_t first;
  size_t count;
  size_t dim;
  int32_t type;
  int32_t row;
  int32_t step;
  int32_t draw;
  uint32_t m;
  uint32_t reserved;
} itp_noise_request;
typedef int (*itp_noise_fn)(void *user, const itp_noise_request *request, void *out);
enum
{
  ITP_TORCH_WORDS = 624
};
typedef struct itp_torch_cpu
{
  uint64_t seed;
  int32_t seeded;
  int32_t next;
  int32_t waits;
  int32_t reserved;
  double second;
  uint32_t word[ITP_TORCH_WORDS];
} itp_torch_cpu;
int itp_torch_cpu_draw(void *generator, const itp_noise_request *request, void *out);
typedef struct itp_torch_cuda
{
  uint64_t seed;
  uint64_t offset;
  uint64_t threads;
} itp_torch_cuda;
int itp_torch_cuda_draw(void *generator, const itp_noise_request *request, void *out);
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
typedef struct itp_schedule_values
{
  size_t size;
  double alpha;
  double beta;
  double dalpha;
  double dbeta;
} itp_schedule_values;
typedef int (*itp_schedule_fn)(void *user, double t, itp_schedule_values *out);
typedef int (*itp_schedule_inverse_fn)(void *user, double r, double *t);
enum
{
  ITP_USER_DERIVATIVES = 1
};
typedef struct itp_schedule_desc
{
  size_t size;
  const itp_env *env;
  int32_t kind;
  int32_t clock;
  double k;
  double s;
  double beta_min;
  double beta_max;
  double sigma_max;
  double sigma_data;
  const double *alphas_cumprod;
  const double *alpha;
  const double *beta;
  int32_t count;
  int32_t user_parts;
  itp_schedule_fn values;
  itp_schedule_inverse_fn inverse;
  void *user;
  double beta_start;
  double beta_end;
  int32_t beta_count;
  int32_t betas;
  int32_t zero_snr;
  int32_t reserved;
  double snr_shift;
} itp_schedule_desc;
int itp_schedule_new(const itp_schedule_desc *desc, itp_schedule **out);
int itp_schedule_make(int32_t kind, itp_schedule **out);
void itp_schedule_free(itp_schedule *schedule);
const itp_schedule *itp_schedule_of(const char *name);
typedef struct itp_schedule_point
{
  size_t size;
  double t;
  double alpha;
  double beta;
  double dalpha;
  double dbeta;
  double u;
  double r;
  double lambda;
  double W;
  double eps_star;
} itp_schedule_point;
int itp_schedule_eval(const itp_schedule *schedule, double t, itp_schedule_point *out);
int itp_schedule_time_of_r(const itp_schedule *schedule, double r, double *t);
int itp_schedule_time_of_u(const itp_schedule *schedule, double u, double *t);
int itp_schedule_variance(const itp_schedule *schedule, double t0, double t1, double *variance);
typedef struct itp_conversion
{
  size_t size;
  double tau;
  double c;
  double dtau;
  double dc;
  double eps;
} itp_conversion;
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
typedef double (*itp_k_fn)(void *user, double u);
typedef double (*itp_diffusion_fn)(void *user, double t);
typedef struct itp_diffusion
{
  size_t size;
  int32_t kind;
  int32_t reserved;
  double k;
  itp_k_fn k_fn;
  double norm;
  const itp_schedule *schedule;
  itp_diffusion_fn fn;
  void *user;
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
typedef struct itp_grid
{
  size_t size;
  int32_t kind;
  int32_t node_count;
  const double *nodes;
  double shift;
  double terminal;
  double rho;
  double beta_a;
  double beta_b;
  double sigma_max;
  double sigma_min;
  double deviation;
  double u_start;
  double u_end;
  int32_t steps_offset;
  int32_t reversed;
} itp_grid;
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
typedef int (*itp_affine_fn)(void *user, const itp_schedule_point *at, double *a, double *b);
typedef int (*itp_time_fn)(void *user, const itp_schedule_point *at, double *time);
typedef struct itp_model
{
  size_t size;
  const itp_schedule *schedule;
  int32_t prediction;
  int32_t time;
  double sigma_data;
  itp_affine_fn affine;
  itp_time_fn time_fn;
  void *user;
} itp_model;
int itp_prediction_scalars(const itp_model *model, double t, int32_t to, double *a, double *b);
int itp_prediction_convert(const itp_model *model, double t, int32_t to, int32_t type, const void *x, const void *f, void *out, size_t count);
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
typedef struct itp_tableau
{
  size_t size;
  int32_t stages;
  int32_t order;
  const double *a;
  const double *b;
  const double *c;
  const double *embedded;
  int32_t embedded_order;
  int32_t embedded_count;
} itp_tableau;
typedef struct itp_restart
{
  double low;
  double high;
  int32_t steps;
  int32_t times;
} itp_restart;
typedef struct itp_solver
{
  size_t size;
  int32_t family;
  int32_t order;
  int32_t form;
  int32_t variable;
  int32_t weights;
  int32_t corrector;
  int32_t final_order;
  int32_t reserved;
  const itp_tableau *tableau;
  double eta;
  double s_noise;
  double s_churn;
  double s_min;
  double s_max;
  double gamma;
  double step_scale;
  double corrector_snr;
  const itp_restart *restarts;
  int32_t restart_count;
  int32_t reserved2;
} itp_solver;
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
typedef struct itp_plan_desc
{
  size_t size;
  const itp_env *env;
  const itp_model *model;
  const itp_schedule *schedule;
  const itp_solver *solver;
  const itp_grid *grid;
  const itp_diffusion *diffusion;
  int32_t evaluations;
  int32_t noise;
  int32_t start;
  int32_t last;
  int32_t singular;
  int32_t ends;
} itp_plan_desc;
int itp_plan_new(const itp_plan_desc *desc, itp_plan **out);
int itp_plan_reads(const itp_plan_desc *desc, const char *field);
void itp_plan_free(itp_plan *plan);
enum
{
  ITP_SOLVER_NAME = 64
};
typedef struct itp_plan_info
{
  size_t size;
  int32_t rows;
  int32_t steps;
  int32_t slots;
  int32_t normals;
  double start_scale;
  double u_start;
  double u_end;
  int32_t reserved;
  int32_t carries;
  double start_data;
  double end_scale;
  const struct itp_term *start_terms;
  int32_t start_term_count;
  int32_t starts_inside;
  int32_t unspent;
  int32_t reserved2;
  const char *solver;
  double amplification;
} itp_plan_info;
int itp_plan_get_info(const itp_plan *plan, itp_plan_info *out);
enum
{
  ITP_COLUMN_STATE = 0,
  ITP_COLUMN_OUTPUT = 1,
  ITP_COLUMN_NORMAL = 2
};
typedef struct itp_term
{
  int32_t column;
  int32_t index;
  int32_t slot;
  int32_t reserved;
  double coef;
} itp_term;
typedef struct itp_plan_row
{
  size_t size;
  double time;
  double u;
  double t;
  const itp_term *terms;
  int32_t term_count;
  int32_t keep;
  double keep_state;
  double keep_output;
  int32_t x_slot;
  int32_t out_slot;
  int32_t next_slot;
  int32_t reserved;
  double data_state;
  double data_output;
  double scale;
  int32_t step;
  int32_t steps;
  int32_t ends_step;
  int32_t reserved2;
} itp_plan_row;
typedef struct itp_plan_rows
{
  size_t size;
  const itp_env *env;
  const itp_plan_row *rows;
  int32_t row_count;
  int32_t steps;
  double start_scale;
  double start_data;
  double u_start;
  double u_end;
  double end_scale;
  const itp_term *start_terms;
  int32_t start_term_count;
  int32_t starts_inside;
  const char *solver;
} itp_plan_rows;
int itp_plan_from_rows(const itp_plan_rows *rows, itp_plan **out);
int itp_plan_get_row(const itp_plan *plan, int32_t i, itp_plan_row *out);
enum
{
  ITP_ORIGIN_NAME = 64
};
typedef struct itp_plan_origin
{
  size_t size;
  char network[ITP_ORIGIN_NAME];
  uint64_t seed;
  uint64_t first;
  uint64_t count;
  uint64_t held_out;
  double before;
  double before_held_out;
  double after;
  double after_held_out;
  double guidance;
  double guidance_low;
  double guidance_high;
  double ridge;
} itp_plan_origin;
int itp_plan_get_origin(const itp_plan *plan, itp_plan_origin *out);
int itp_plan_coordinates(const itp_plan *plan, int32_t i, const itp_schedule *schedule, double *t, double *factor);
int itp_plan_convert(const itp_plan *plan, const itp_schedule *schedule, itp_plan **out);
int itp_plan_format(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
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
typedef struct itp_request
{
  size_t size;
  const void *x;
  void *out;
  size_t count;
  size_t dim;
  double time;
  double u;
  int32_t row;
  int32_t rows;
  int32_t type;
  int32_t reserved;
  uint64_t first;
  void *out2;
  double guidance;
  double data_state;
  double data_output;
  int32_t step;
  int32_t steps;
  int32_t ends_step;
  int32_t reserved2;
  const double *times;
  const double *positions;
  const double *guidances;
  const double *data_states;
  const double *data_outputs;
  const uint64_t *index;
} itp_request;
typedef int (*itp_data_fn)(void *user, const itp_request *request, void *data);
typedef int (*itp_row_fn)(void *user, const itp_request *request, const void *state, const void *data);
typedef struct itp_batch
{
  size_t size;
  const itp_env *env;
  size_t dim;
  size_t count;
  uint64_t seed;
  uint64_t first;
  const uint64_t *seeds;
  int32_t type;
  int32_t x;
  int32_t kernel;
  int32_t check_finite;
  double guidance;
  double guidance_low;
  double guidance_high;
  itp_data_fn on_data;
  itp_row_fn on_row;
  void *user;
  int32_t row_data;
  int32_t row_scaled;
  const itp_schedule *row_schedule;
  void *workspace;
  size_t workspace_bytes;
  itp_noise_fn noise;
  void *noise_user;
  size_t *needed;
} itp_batch;
int itp_sampler_new(const itp_plan *plan, const itp_batch *batch, itp_sampler **out);
void itp_sampler_free(itp_sampler *sampler);
typedef struct itp_start
{
  size_t size;
  void *x;
  const void *data;
  int32_t given;
  int32_t reserved;
  size_t count;
  uint64_t seed;
  uint64_t first;
  const uint64_t *seeds;
} itp_start;
int itp_sampler_begin(itp_sampler *sampler, const itp_start *start);
int itp_sampler_next(itp_sampler *sampler, itp_request *request);
int itp_sampler_submit(itp_sampler *sampler);
int itp_sampler_save(const itp_sampler *sampler, void *buffer, size_t capacity, size_t *needed);
int itp_sampler_restore(itp_sampler *sampler, const void *buffer, size_t size, void *x);
typedef int (*itp_network_fn)(void *user, const itp_request *request);
int itp_sampler_run(itp_sampler *sampler, const itp_start *start, itp_network_fn network, void *user);
int itp_sample(const itp_plan *plan, const itp_batch *batch, void *x, itp_network_fn network, void *user);
typedef struct itp_adaptive_desc
{
  size_t size;
  const itp_env *env;
  const itp_model *model;
  const itp_schedule *schedule;
  const itp_solver *solver;
  double rtol;
  double atol;
  double first_step;
  double min_step;
  double max_step;
  double controller[3];
  double safety;
  double shrink;
  double grow;
  double u_start;
  double u_end;
  int32_t max_evaluations;
  int32_t reversed;
} itp_adaptive_desc;
typedef struct itp_adaptive_statistics
{
  size_t size;
  int32_t status;
  int32_t accepted;
  int32_t rejected;
  int32_t evaluations;
  double t;
  double t_before;
  double u;
  double step;
} itp_adaptive_statistics;
int itp_sampler_new_adaptive(const itp_adaptive_desc *desc, const itp_batch *batch, itp_sampler **out);
int itp_adaptive_outputs(itp_sampler *sampler, size_t count, const double *times, void *states);
int itp_adaptive_state_at(const itp_sampler *sampler, size_t sample, double t, void *out);
int itp_adaptive_get_statistics(const itp_sampler *sampler, size_t sample, itp_adaptive_statistics *out);
typedef struct itp_covariance itp_covariance;
enum
{
  ITP_COVARIANCE_DIAGONAL = 1,
  ITP_COVARIANCE_BASIS = 2
};
typedef struct itp_covariance_desc
{
  size_t size;
  const itp_env *env;
  size_t dim;
  size_t rank;
  const double *mean;
  const double *variances;
  const double *basis;
  double rest;
  double floor;
  int32_t kind;
  int32_t reserved;
} itp_covariance_desc;
int itp_covariance_new(const itp_covariance_desc *desc, itp_covariance **out);
void itp_covariance_free(itp_covariance *covariance);
typedef struct itp_covariance_estimation
{
  size_t size;
  const itp_env *env;
  const void *samples;
  size_t dim;
  size_t count;
  size_t rank;
  double shrinkage;
  double floor;
  int32_t type;
  int32_t kind;
} itp_covariance_estimation;
int itp_covariance_estimate(const itp_covariance_estimation *estimation, itp_covariance **out);
typedef struct itp_covariance_info
{
  size_t size;
  size_t dim;
  size_t rank;
  const double *mean;
  const double *variances;
  const double *basis;
  double rest;
  double shrinkage;
  int32_t kind;
  int32_t reserved;
} itp_covariance_info;
int itp_covariance_get_info(const itp_covariance *covariance, itp_covariance_info *out);
typedef struct itp_covariance_plan itp_covariance_plan;
typedef struct itp_covariance_plan_desc
{
  size_t size;
  const itp_env *env;
  const itp_covariance *covariance;
  const itp_plan_desc *plan;
  int32_t clock;
  int32_t bands;
  double power;
} itp_covariance_plan_desc;
int itp_covariance_plan_new(const itp_covariance_plan_desc *desc, itp_covariance_plan **out);
void itp_covariance_plan_free(itp_covariance_plan *plan);
typedef struct itp_covariance_plan_info
{
  size_t size;
  int32_t rows;
  int32_t bands;
  double u_start;
  double u_end;
} itp_covariance_plan_info;
int itp_covariance_plan_get_info(const itp_covariance_plan *plan, itp_covariance_plan_info *out);
typedef struct itp_covariance_band
{
  size_t size;
  const itp_plan *plan;
  const double *mean_terms;
  const int32_t *members;
  double s;
} itp_covariance_band;
int itp_covariance_plan_get_band(const itp_covariance_plan *plan, int32_t i, itp_covariance_band *out);
int itp_sampler_new_covariance(const itp_covariance_plan *plan, const itp_batch *batch, itp_sampler **out);
typedef struct itp_fit_report
{
  size_t size;
  double before;
  double before_held_out;
  double after;
  double after_held_out;
  double ridge;
  double reference_error;
  uint64_t evaluations;
  uint64_t reference_evaluations;
  int32_t iterations;
  int32_t parameters;
  int32_t reference_rows;
  int32_t start;
  int32_t greedy;
  int32_t starts;
  uint64_t race_evaluations;
} itp_fit_report;
typedef int (*itp_feature_fn)(void *user, const void *x, size_t count, uint64_t first, void *features);
typedef int (*itp_fit_progress_fn)(void *user, const itp_fit_report *report);
typedef struct itp_fit_expert
{
  size_t size;
  double ridge;
  double gain;
  int32_t no_gain;
  int32_t outputs;
  int32_t fixed_nodes;
  int32_t no_greedy;
  int32_t race;
  int32_t no_race;
  int32_t finalists;
  int32_t reserved;
  const itp_solver *reference_solver;
  const itp_plan *reference;
  const void *ends;
  void *ends_out;
} itp_fit_expert;
typedef struct itp_fit_desc
{
  size_t size;
  const itp_env *env;
  const itp_model *model;
  size_t dim;
  size_t count;
  size_t held_out;
  uint64_t seed;
  uint64_t first;
  const uint64_t *seeds;
  int32_t type;
  int32_t iterations;
  size_t batch;
  int32_t reference_rows;
  int32_t reserved;
  double tolerance;
  const itp_plan * const *starts;
  size_t start_count;
  double guidance;
  double guidance_low;
  double guidance_high;
  itp_feature_fn feature;
  void *feature_user;
  size_t features;
  itp_fit_progress_fn progress;
  void *progress_user;
  const char *name;
  itp_fit_report *report;
  const itp_fit_expert *expert;
} itp_fit_desc;
int itp_plan_fit(const itp_plan *plan, const itp_fit_desc *desc, itp_network_fn network, void *user, itp_plan **better);
typedef struct itp_fit itp_fit;
int itp_fit_new(const itp_plan *plan, const itp_fit_desc *desc, itp_fit **out);
void itp_fit_free(itp_fit *fit);
int itp_fit_next(itp_fit *fit, itp_request *request);
int itp_fit_submit(itp_fit *fit);
int itp_fit_get_report(const itp_fit *fit, itp_fit_report *report);
int itp_fit_plan(const itp_fit *fit, itp_plan **better);
int itp_guide(int32_t type, const void *cond, const void *uncond, double scale, void *out, size_t count);
int itp_autoguide(int32_t type, const void *strong, const void *weak, double scale, void *out, size_t count);
double itp_guidance_at(double scale, double low, double high, double u);
int itp_guidance_cfgpp(double lambda, double u, double u_next, double *scale);
int itp_guide_rescaled(int32_t type, const void *cond, const void *uncond, double scale, double phi, void *out, size_t count, size_t dim);
typedef struct itp_apg
{
  size_t size;
  double scale;
  double eta;
  double momentum;
  double threshold;
  void *average;
} itp_apg;
int itp_guide_apg(const itp_apg *apg, int32_t type, const void *cond, const void *uncond, void *out, size_t count, size_t dim);
int itp_threshold_static(int32_t type, void *data, double low, double high, size_t count);
int itp_threshold_dynamic(int32_t type, void *data, double quantile, double most, size_t count, size_t dim);
enum
{
  ITP_NEEDS_TABLE = 1,
  ITP_NEEDS_VALUES = 2,
  ITP_NEEDS_FUNCTION = 4
};
typedef struct itp_entry
{
  size_t size;
  const char *name;
  const char *aliases;
  const char *about;
  const char *flow;
  int32_t id;
  int32_t others;
  int32_t needs;
  int32_t order;
  int32_t evaluations;
  int32_t takes_k;
  int32_t own_noise;
  int32_t reserved;
  char parameters[456];
} itp_entry;
int itp_kind_at(const char *kind, int32_t i, itp_entry *out);
int itp_kind_find(const char *kind, const char *name, itp_entry *out);
typedef struct itp_path itp_path;
typedef struct itp_path_desc
{
  size_t size;
  const itp_env *env;
  const itp_schedule *schedule;
  const double *times;
  const void *states;
  size_t dim;
  size_t count;
  int32_t time_count;
  int32_t type;
  double k;
  itp_k_fn k_fn;
  void *k_user;
  int32_t noise;
  int32_t reserved;
  uint64_t seed;
  uint64_t first;
  const uint64_t *seeds;
} itp_path_desc;
int itp_path_new(const itp_path_desc *desc, itp_path **out);
void itp_path_free(itp_path *path);
int itp_path_at(const itp_path *path, const itp_schedule *schedule, double t, void *out);
enum
{
  ITP_PLAN_JSON_VERSION = 2
};
int itp_plan_to_json(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
int itp_plan_from_json(const char *text, size_t length, const itp_env *env, itp_plan **out);
int itp_plan_parse(const char *text, itp_error *why, itp_plan **out);
int itp_plan_parse_with(const char *text, const itp_env *env, itp_plan **out);
int itp_schedule_parse(const char *text, itp_error *why, itp_schedule **out);
int itp_solver_parse(const char *text, itp_error *why, itp_solver *out);
int itp_grid_parse(const char *text, itp_error *why, itp_grid *out);
int itp_diffusion_parse(const char *text, itp_error *why, itp_diffusion *out);
int itp_plan_print(const itp_plan *plan, char *text, size_t capacity, size_t *needed);
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
