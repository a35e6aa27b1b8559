// libinterp for C#: the declarations of <interp/*.h>.
// Made from the headers in include/interp by bindings/generate.py: not to be edited.
//
// The names are C's. Texts are UTF-8 and end with a zero byte. A function that the library calls is a delegate, of
// which Marshal.GetFunctionPointerForDelegate makes the IntPtr that a field or an argument holds; the delegate must live
// as long. Every struct begins with its size:
//     var want = new itp_plan_desc { size = (UIntPtr)sizeof(itp_plan_desc), evaluations = 8 };
using System;
using System.Runtime.InteropServices;

namespace Libinterp
{
    public struct itp_schedule { }
    public struct itp_plan { }
    public struct itp_sampler { }
    public struct itp_covariance { }
    public struct itp_covariance_plan { }
    public struct itp_fit { }
    public struct itp_path { }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_allocator
    {
        public UIntPtr size;
        public IntPtr alloc; // itp_allocator_alloc
        public IntPtr free; // itp_allocator_free
        public void* user;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_log
    {
        public UIntPtr size;
        public IntPtr write; // itp_log_write
        public void* user;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_error
    {
        public UIntPtr size;
        public int status;
        public int reserved;
        public fixed byte field[64];
        public fixed byte text[448];
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_env
    {
        public UIntPtr size;
        public itp_allocator* memory;
        public itp_log* log;
        public IntPtr parallel_for; // itp_parallel_fn
        public void* parallel_user;
        public itp_error* error;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_noise_request
    {
        public UIntPtr size;
        public ulong first;
        public UIntPtr count;
        public UIntPtr dim;
        public int type;
        public int row;
        public int step;
        public int draw;
        public uint m;
        public uint reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_torch_cpu
    {
        public ulong seed;
        public int seeded;
        public int next;
        public int waits;
        public int reserved;
        public double second;
        public fixed uint word[624];
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_torch_cuda
    {
        public ulong seed;
        public ulong offset;
        public ulong threads;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_values
    {
        public UIntPtr size;
        public double alpha;
        public double beta;
        public double dalpha;
        public double dbeta;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public int kind;
        public int clock;
        public double k;
        public double s;
        public double beta_min;
        public double beta_max;
        public double sigma_max;
        public double sigma_data;
        public double* alphas_cumprod;
        public double* alpha;
        public double* beta;
        public int count;
        public int user_parts;
        public IntPtr values; // itp_schedule_fn
        public IntPtr inverse; // itp_schedule_inverse_fn
        public void* user;
        public double beta_start;
        public double beta_end;
        public int beta_count;
        public int betas;
        public int zero_snr;
        public int reserved;
        public double snr_shift;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_point
    {
        public UIntPtr size;
        public double t;
        public double alpha;
        public double beta;
        public double dalpha;
        public double dbeta;
        public double u;
        public double r;
        public double lambda;
        public double W;
        public double eps_star;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_conversion
    {
        public UIntPtr size;
        public double tau;
        public double c;
        public double dtau;
        public double dc;
        public double eps;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_diffusion
    {
        public UIntPtr size;
        public int kind;
        public int reserved;
        public double k;
        public IntPtr k_fn; // itp_k_fn
        public double norm;
        public itp_schedule* schedule;
        public IntPtr fn; // itp_diffusion_fn
        public void* user;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_grid
    {
        public UIntPtr size;
        public int kind;
        public int node_count;
        public double* nodes;
        public double shift;
        public double terminal;
        public double rho;
        public double beta_a;
        public double beta_b;
        public double sigma_max;
        public double sigma_min;
        public double deviation;
        public double u_start;
        public double u_end;
        public int steps_offset;
        public int reversed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_model
    {
        public UIntPtr size;
        public itp_schedule* schedule;
        public int prediction;
        public int time;
        public double sigma_data;
        public IntPtr affine; // itp_affine_fn
        public IntPtr time_fn; // itp_time_fn
        public void* user;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_tableau
    {
        public UIntPtr size;
        public int stages;
        public int order;
        public double* a;
        public double* b;
        public double* c;
        public double* embedded;
        public int embedded_order;
        public int embedded_count;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_restart
    {
        public double low;
        public double high;
        public int steps;
        public int times;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_solver
    {
        public UIntPtr size;
        public int family;
        public int order;
        public int form;
        public int variable;
        public int weights;
        public int corrector;
        public int final_order;
        public int reserved;
        public itp_tableau* tableau;
        public double eta;
        public double s_noise;
        public double s_churn;
        public double s_min;
        public double s_max;
        public double gamma;
        public double step_scale;
        public double corrector_snr;
        public itp_restart* restarts;
        public int restart_count;
        public int reserved2;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_model* model;
        public itp_schedule* schedule;
        public itp_solver* solver;
        public itp_grid* grid;
        public itp_diffusion* diffusion;
        public int evaluations;
        public int noise;
        public int start;
        public int last;
        public int singular;
        public int ends;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_info
    {
        public UIntPtr size;
        public int rows;
        public int steps;
        public int slots;
        public int normals;
        public double start_scale;
        public double u_start;
        public double u_end;
        public int reserved;
        public int carries;
        public double start_data;
        public double end_scale;
        public itp_term* start_terms;
        public int start_term_count;
        public int starts_inside;
        public int unspent;
        public int reserved2;
        public byte* solver;
        public double amplification;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_term
    {
        public int column;
        public int index;
        public int slot;
        public int reserved;
        public double coef;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_row
    {
        public UIntPtr size;
        public double time;
        public double u;
        public double t;
        public itp_term* terms;
        public int term_count;
        public int keep;
        public double keep_state;
        public double keep_output;
        public int x_slot;
        public int out_slot;
        public int next_slot;
        public int reserved;
        public double data_state;
        public double data_output;
        public double scale;
        public int step;
        public int steps;
        public int ends_step;
        public int reserved2;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_rows
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_plan_row* rows;
        public int row_count;
        public int steps;
        public double start_scale;
        public double start_data;
        public double u_start;
        public double u_end;
        public double end_scale;
        public itp_term* start_terms;
        public int start_term_count;
        public int starts_inside;
        public byte* solver;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_origin
    {
        public UIntPtr size;
        public fixed byte network[64];
        public ulong seed;
        public ulong first;
        public ulong count;
        public ulong held_out;
        public double before;
        public double before_held_out;
        public double after;
        public double after_held_out;
        public double guidance;
        public double guidance_low;
        public double guidance_high;
        public double ridge;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_request
    {
        public UIntPtr size;
        public void* x;
        public void* @out;
        public UIntPtr count;
        public UIntPtr dim;
        public double time;
        public double u;
        public int row;
        public int rows;
        public int type;
        public int reserved;
        public ulong first;
        public void* out2;
        public double guidance;
        public double data_state;
        public double data_output;
        public int step;
        public int steps;
        public int ends_step;
        public int reserved2;
        public double* times;
        public double* positions;
        public double* guidances;
        public double* data_states;
        public double* data_outputs;
        public ulong* index;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_batch
    {
        public UIntPtr size;
        public itp_env* env;
        public UIntPtr dim;
        public UIntPtr count;
        public ulong seed;
        public ulong first;
        public ulong* seeds;
        public int type;
        public int x;
        public int kernel;
        public int check_finite;
        public double guidance;
        public double guidance_low;
        public double guidance_high;
        public IntPtr on_data; // itp_data_fn
        public IntPtr on_row; // itp_row_fn
        public void* user;
        public int row_data;
        public int row_scaled;
        public itp_schedule* row_schedule;
        public void* workspace;
        public UIntPtr workspace_bytes;
        public IntPtr noise; // itp_noise_fn
        public void* noise_user;
        public UIntPtr* needed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_start
    {
        public UIntPtr size;
        public void* x;
        public void* data;
        public int given;
        public int reserved;
        public UIntPtr count;
        public ulong seed;
        public ulong first;
        public ulong* seeds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_adaptive_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_model* model;
        public itp_schedule* schedule;
        public itp_solver* solver;
        public double rtol;
        public double atol;
        public double first_step;
        public double min_step;
        public double max_step;
        public fixed double controller[3];
        public double safety;
        public double shrink;
        public double grow;
        public double u_start;
        public double u_end;
        public int max_evaluations;
        public int reversed;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_adaptive_statistics
    {
        public UIntPtr size;
        public int status;
        public int accepted;
        public int rejected;
        public int evaluations;
        public double t;
        public double t_before;
        public double u;
        public double step;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public UIntPtr dim;
        public UIntPtr rank;
        public double* mean;
        public double* variances;
        public double* basis;
        public double rest;
        public double floor;
        public int kind;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_estimation
    {
        public UIntPtr size;
        public itp_env* env;
        public void* samples;
        public UIntPtr dim;
        public UIntPtr count;
        public UIntPtr rank;
        public double shrinkage;
        public double floor;
        public int type;
        public int kind;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_info
    {
        public UIntPtr size;
        public UIntPtr dim;
        public UIntPtr rank;
        public double* mean;
        public double* variances;
        public double* basis;
        public double rest;
        public double shrinkage;
        public int kind;
        public int reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_plan_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_covariance* covariance;
        public itp_plan_desc* plan;
        public int clock;
        public int bands;
        public double power;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_plan_info
    {
        public UIntPtr size;
        public int rows;
        public int bands;
        public double u_start;
        public double u_end;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_band
    {
        public UIntPtr size;
        public itp_plan* plan;
        public double* mean_terms;
        public int* members;
        public double s;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_report
    {
        public UIntPtr size;
        public double before;
        public double before_held_out;
        public double after;
        public double after_held_out;
        public double ridge;
        public double reference_error;
        public ulong evaluations;
        public ulong reference_evaluations;
        public int iterations;
        public int parameters;
        public int reference_rows;
        public int start;
        public int greedy;
        public int starts;
        public ulong race_evaluations;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_expert
    {
        public UIntPtr size;
        public double ridge;
        public double gain;
        public int no_gain;
        public int outputs;
        public int fixed_nodes;
        public int no_greedy;
        public int race;
        public int no_race;
        public int finalists;
        public int reserved;
        public itp_solver* reference_solver;
        public itp_plan* reference;
        public void* ends;
        public void* ends_out;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_model* model;
        public UIntPtr dim;
        public UIntPtr count;
        public UIntPtr held_out;
        public ulong seed;
        public ulong first;
        public ulong* seeds;
        public int type;
        public int iterations;
        public UIntPtr batch;
        public int reference_rows;
        public int reserved;
        public double tolerance;
        public itp_plan** starts;
        public UIntPtr start_count;
        public double guidance;
        public double guidance_low;
        public double guidance_high;
        public IntPtr feature; // itp_feature_fn
        public void* feature_user;
        public UIntPtr features;
        public IntPtr progress; // itp_fit_progress_fn
        public void* progress_user;
        public byte* name;
        public itp_fit_report* report;
        public itp_fit_expert* expert;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_apg
    {
        public UIntPtr size;
        public double scale;
        public double eta;
        public double momentum;
        public double threshold;
        public void* average;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_entry
    {
        public UIntPtr size;
        public byte* name;
        public byte* aliases;
        public byte* about;
        public byte* flow;
        public int id;
        public int others;
        public int needs;
        public int order;
        public int evaluations;
        public int takes_k;
        public int own_noise;
        public int reserved;
        public fixed byte parameters[456];
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_path_desc
    {
        public UIntPtr size;
        public itp_env* env;
        public itp_schedule* schedule;
        public double* times;
        public void* states;
        public UIntPtr dim;
        public UIntPtr count;
        public int time_count;
        public int type;
        public double k;
        public IntPtr k_fn; // itp_k_fn
        public void* k_user;
        public int noise;
        public int reserved;
        public ulong seed;
        public ulong first;
        public ulong* seeds;
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate void* itp_allocator_alloc(void* user, UIntPtr size, UIntPtr alignment);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate void itp_allocator_free(void* user, void* memory, UIntPtr size);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate void itp_log_write(void* user, int level, byte* message);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate void itp_parallel_fn_task(void* context, UIntPtr index);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_parallel_fn(void* user, UIntPtr tasks, IntPtr task, void* context);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_noise_fn(void* user, itp_noise_request* request, void* @out);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_schedule_fn(void* user, double t, itp_schedule_values* @out);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_schedule_inverse_fn(void* user, double r, double* t);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate double itp_k_fn(void* user, double u);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate double itp_diffusion_fn(void* user, double t);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_affine_fn(void* user, itp_schedule_point* at, double* a, double* b);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_time_fn(void* user, itp_schedule_point* at, double* time);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_data_fn(void* user, itp_request* request, void* data);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_row_fn(void* user, itp_request* request, void* state, void* data);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_network_fn(void* user, itp_request* request);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_feature_fn(void* user, void* x, UIntPtr count, ulong first, void* features);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_fit_progress_fn(void* user, itp_fit_report* report);

    public static unsafe class Native
    {
        public const string Library = "interp";
        public const int ITP_OK = 0;
        public const int ITP_EVALUATE = 1;
        public const int ITP_E_ARGUMENT = -1;
        public const int ITP_E_SIZE = -2;
        public const int ITP_E_MEMORY = -3;
        public const int ITP_E_UNSUPPORTED = -4;
        public const int ITP_E_RANGE = -5;
        public const int ITP_E_OVERFLOW = -6;
        public const int ITP_E_NEWER = -7;
        public const int ITP_E_OLDER = -8;
        public const int ITP_E_SCHEDULE = -10;
        public const int ITP_E_GRID = -11;
        public const int ITP_E_SINGULAR = -12;
        public const int ITP_E_BUDGET = -13;
        public const int ITP_E_STEP = -14;
        public const int ITP_E_TOLERANCE = -15;
        public const int ITP_E_STATE = -20;
        public const int ITP_E_CALLBACK = -21;
        public const int ITP_E_NONFINITE = -22;
        public const int ITP_E_INTERNAL = -30;
        public const int ITP_LOG_ERROR = 1;
        public const int ITP_LOG_WARNING = 2;
        public const int ITP_LOG_INFO = 3;
        public const int ITP_FLOAT32 = 1;
        public const int ITP_FLOAT64 = 2;
        public const int ITP_TORCH_WORDS = 624;
        public const int ITP_SCHEDULE_LINEAR = 1;
        public const int ITP_SCHEDULE_VP = 2;
        public const int ITP_SCHEDULE_VP_SDE = 3;
        public const int ITP_SCHEDULE_SQRT = 4;
        public const int ITP_SCHEDULE_SPHERE = 5;
        public const int ITP_SCHEDULE_VE = 6;
        public const int ITP_SCHEDULE_EDM = 7;
        public const int ITP_SCHEDULE_LAZY = 20;
        public const int ITP_SCHEDULE_POINT_MASS = 21;
        public const int ITP_SCHEDULE_TABLE = 40;
        public const int ITP_SCHEDULE_DDPM = 41;
        public const int ITP_SCHEDULE_USER = 4096;
        public const int ITP_CLOCK_DEFAULT = 0;
        public const int ITP_CLOCK_ANGLE = 1;
        public const int ITP_CLOCK_BETA = 2;
        public const int ITP_CLOCK_IDENTITY = 3;
        public const int ITP_BETAS_LINEAR = 0;
        public const int ITP_BETAS_SCALED_LINEAR = 1;
        public const int ITP_BETAS_COSINE = 2;
        public const int ITP_BETAS_SIGMOID = 3;
        public const int ITP_BETAS_LAPLACE = 4;
        public const int ITP_BETAS_EXPONENTIAL = 5;
        public const int ITP_USER_DERIVATIVES = 1;
        public const int ITP_DIFFUSION_DEFAULT = 0;
        public const int ITP_DIFFUSION_K = 1;
        public const int ITP_DIFFUSION_CONSTANT = 2;
        public const int ITP_DIFFUSION_SIGMA = 3;
        public const int ITP_DIFFUSION_LINEAR = 4;
        public const int ITP_DIFFUSION_DECREASING = 5;
        public const int ITP_DIFFUSION_SINE = 6;
        public const int ITP_DIFFUSION_USER = 4096;
        public const int ITP_GRID_DEFAULT = 0;
        public const int ITP_GRID_TIME = 1;
        public const int ITP_GRID_U = 2;
        public const int ITP_GRID_LAMBDA = 3;
        public const int ITP_GRID_SHIFT = 4;
        public const int ITP_GRID_QUADRATIC = 5;
        public const int ITP_GRID_BETA = 6;
        public const int ITP_GRID_KARRAS = 20;
        public const int ITP_GRID_POLY_EXPONENTIAL = 21;
        public const int ITP_GRID_KL_OPTIMAL = 22;
        public const int ITP_GRID_BONG_TANGENT = 23;
        public const int ITP_GRID_BETA_SIGMA = 24;
        public const int ITP_GRID_KARRAS_FLOW = 30;
        public const int ITP_GRID_EXPONENTIAL_FLOW = 31;
        public const int ITP_GRID_BETA_FLOW = 32;
        public const int ITP_GRID_KL_OPTIMAL_FLOW = 33;
        public const int ITP_GRID_BONG_TANGENT_FLOW = 34;
        public const int ITP_GRID_LINEAR_QUADRATIC = 35;
        public const int ITP_GRID_LOGIT_NORMAL = 36;
        public const int ITP_GRID_LINSPACE = 40;
        public const int ITP_GRID_LINSPACE_OPEN = 41;
        public const int ITP_GRID_LEADING = 42;
        public const int ITP_GRID_LEADING_OPEN = 43;
        public const int ITP_GRID_TRAILING = 44;
        public const int ITP_GRID_SIMPLE = 45;
        public const int ITP_GRID_SGM_UNIFORM = 46;
        public const int ITP_GRID_NORMAL = 47;
        public const int ITP_GRID_BETA_SAMPLES = 48;
        public const int ITP_GRID_SMOOTHSTEP = 49;
        public const int ITP_GRID_LCM = 50;
        public const int ITP_GRID_AYS_SD15 = 60;
        public const int ITP_GRID_AYS_SDXL = 61;
        public const int ITP_GRID_AYS_DEEPFLOYD = 62;
        public const int ITP_GRID_AYS_SVD = 63;
        public const int ITP_GRID_AYS_SD15_COMFYUI = 64;
        public const int ITP_GRID_AYS_SDXL_COMFYUI = 65;
        public const int ITP_GRID_GITS = 66;
        public const int ITP_GRID_ALPHAFOLD_3 = 67;
        public const int ITP_GRID_USER_TIME = 4096;
        public const int ITP_GRID_USER_U = 4097;
        public const int ITP_GRID_USER_SIGMA = 4098;
        public const int ITP_GRID_USER_FLOW = 4099;
        public const int ITP_PREDICT_VELOCITY = 1;
        public const int ITP_PREDICT_DATA = 2;
        public const int ITP_PREDICT_NOISE = 3;
        public const int ITP_PREDICT_SCORE = 4;
        public const int ITP_PREDICT_SALIMANS_V = 5;
        public const int ITP_PREDICT_EDM = 6;
        public const int ITP_PREDICT_NEGATIVE_VELOCITY = 7;
        public const int ITP_PREDICT_AFFINE = 4096;
        public const int ITP_TIME_T = 1;
        public const int ITP_TIME_REVERSED = 2;
        public const int ITP_TIME_THOUSAND = 3;
        public const int ITP_TIME_INDEX = 4;
        public const int ITP_TIME_LOG_SIGMA = 5;
        public const int ITP_TIME_SIGMA = 6;
        public const int ITP_TIME_USER = 4096;
        public const int ITP_FAMILY_DEFAULT = 0;
        public const int ITP_RUNGE_KUTTA = 1;
        public const int ITP_ADAMS_BASHFORTH = 2;
        public const int ITP_PNDM = 3;
        public const int ITP_EXPONENTIAL_MULTISTEP = 4;
        public const int ITP_EXPONENTIAL_SINGLESTEP = 5;
        public const int ITP_EXPONENTIAL_BLOCKS = 6;
        public const int ITP_SDE_RUNGE_KUTTA = 7;
        public const int ITP_SDE_ADAMS_BASHFORTH = 8;
        public const int ITP_SA = 9;
        public const int ITP_ANCESTRAL = 10;
        public const int ITP_DDPM_POSTERIOR = 11;
        public const int ITP_MIDPOINT_SDE = 12;
        public const int ITP_CHURN = 13;
        public const int ITP_SDE_MULTISTEP = 14;
        public const int ITP_ANCESTRAL_MULTISTEP = 15;
        public const int ITP_LCM = 16;
        public const int ITP_TCD = 17;
        public const int ITP_ER_SDE = 18;
        public const int ITP_LANGEVIN = 19;
        public const int ITP_FORM_DEFAULT = 0;
        public const int ITP_FORM_DATA = 1;
        public const int ITP_FORM_NOISE = 2;
        public const int ITP_FORM_VELOCITY = 3;
        public const int ITP_VARIABLE_DEFAULT = 0;
        public const int ITP_VARIABLE_LAMBDA = 1;
        public const int ITP_VARIABLE_SIGMA = 2;
        public const int ITP_WEIGHTS_DEFAULT = 0;
        public const int ITP_WEIGHTS_MIDPOINT = 1;
        public const int ITP_WEIGHTS_HEUN = 2;
        public const int ITP_WEIGHTS_RALSTON = 3;
        public const int ITP_WEIGHTS_BOGACKI_SHAMPINE = 4;
        public const int ITP_WEIGHTS_CLASSIC = 5;
        public const int ITP_WEIGHTS_THREE_EIGHTHS = 6;
        public const int ITP_WEIGHTS_TSITOURAS = 7;
        public const int ITP_WEIGHTS_DORMAND_PRINCE = 8;
        public const int ITP_WEIGHTS_EQUAL = 9;
        public const int ITP_WEIGHTS_EXACT = 10;
        public const int ITP_WEIGHTS_BH1 = 11;
        public const int ITP_WEIGHTS_BH2 = 12;
        public const int ITP_WEIGHTS_VARY = 13;
        public const int ITP_WEIGHTS_SEA = 14;
        public const int ITP_WEIGHTS_SHARK = 15;
        public const int ITP_WEIGHTS_SRA1 = 16;
        public const int ITP_WEIGHTS_STAGES = 17;
        public const int ITP_WEIGHTS_GRADIENT = 18;
        public const int ITP_WEIGHTS_MEAN = 19;
        public const int ITP_WEIGHTS_SCALED = 20;
        public const int ITP_CORRECTOR_NONE = 0;
        public const int ITP_CORRECTOR_END = 1;
        public const int ITP_FINAL_FULL = 0;
        public const int ITP_FINAL_LOWER = 1;
        public const int ITP_NOISE_PATH = 0;
        public const int ITP_NOISE_STEPS = 1;
        public const int ITP_START_EVALUATE = 0;
        public const int ITP_START_CENTRED = 1;
        public const int ITP_LAST_DATA = 0;
        public const int ITP_LAST_NOISE = 1;
        public const int ITP_SINGULAR_FLOW = 0;
        public const int ITP_SINGULAR_ERROR = 1;
        public const int ITP_ENDS_INSIDE = 0;
        public const int ITP_ENDS_EVALUATE = 1;
        public const int ITP_SOLVER_NAME = 64;
        public const int ITP_COLUMN_STATE = 0;
        public const int ITP_COLUMN_OUTPUT = 1;
        public const int ITP_COLUMN_NORMAL = 2;
        public const int ITP_ORIGIN_NAME = 64;
        public const int ITP_X_NOISE = 0;
        public const int ITP_X_GIVEN = 1;
        public const int ITP_X_DATA = 2;
        public const int ITP_KERNEL_AUTO = 0;
        public const int ITP_KERNEL_PORTABLE = 1;
        public const int ITP_KERNEL_OPENBLAS = 2;
        public const int ITP_COVARIANCE_DIAGONAL = 1;
        public const int ITP_COVARIANCE_BASIS = 2;
        public const int ITP_NEEDS_TABLE = 1;
        public const int ITP_NEEDS_VALUES = 2;
        public const int ITP_NEEDS_FUNCTION = 4;
        public const int ITP_PLAN_JSON_VERSION = 2;

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_version();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* itp_version_text();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_build_has(byte* what);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* itp_status_string(int status);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_philox(uint* counter, uint* key, uint* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_normals(ulong seed, ulong sample, uint m, ulong first, int type, void* @out, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_brownian(ulong seed, ulong sample, double from, double to, ulong first, int type, void* increment, void* area, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_torch_cpu_draw(void* generator, itp_noise_request* request, void* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_torch_cuda_draw(void* generator, itp_noise_request* request, void* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_new(itp_schedule_desc* desc, itp_schedule** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_make(int kind, itp_schedule** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_schedule_free(itp_schedule* schedule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern itp_schedule* itp_schedule_of(byte* name);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_eval(itp_schedule* schedule, double t, itp_schedule_point* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_time_of_r(itp_schedule* schedule, double r, double* t);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_time_of_u(itp_schedule* schedule, double u, double* t);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_variance(itp_schedule* schedule, double t0, double t1, double* variance);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_convert(itp_schedule* from, itp_schedule* to, double t, itp_conversion* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high, double* shift);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_shift_of_flux2(double tokens, int steps, double* shift);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_prediction_scalars(itp_model* model, double t, int to, double* a, double* b);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_prediction_convert(itp_model* model, double t, int to, int type, void* x, void* f, void* @out, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_model_time(itp_model* model, double t, double* time);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_new(itp_plan_desc* desc, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_reads(itp_plan_desc* desc, byte* field);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_plan_free(itp_plan* plan);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_info(itp_plan* plan, itp_plan_info* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_from_rows(itp_plan_rows* rows, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_row(itp_plan* plan, int i, itp_plan_row* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_origin(itp_plan* plan, itp_plan_origin* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_coordinates(itp_plan* plan, int i, itp_schedule* schedule, double* t, double* factor);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_convert(itp_plan* plan, itp_schedule* schedule, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_format(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new(itp_plan* plan, itp_batch* batch, itp_sampler** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_sampler_free(itp_sampler* sampler);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_begin(itp_sampler* sampler, itp_start* start);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_next(itp_sampler* sampler, itp_request* request);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_submit(itp_sampler* sampler);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_save(itp_sampler* sampler, void* buffer, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_restore(itp_sampler* sampler, void* buffer, UIntPtr size, void* x);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_run(itp_sampler* sampler, itp_start* start, IntPtr network, void* user);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sample(itp_plan* plan, itp_batch* batch, void* x, IntPtr network, void* user);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new_adaptive(itp_adaptive_desc* desc, itp_batch* batch, itp_sampler** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_outputs(itp_sampler* sampler, UIntPtr count, double* times, void* states);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_state_at(itp_sampler* sampler, UIntPtr sample, double t, void* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_get_statistics(itp_sampler* sampler, UIntPtr sample, itp_adaptive_statistics* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_new(itp_covariance_desc* desc, itp_covariance** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_covariance_free(itp_covariance* covariance);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_estimate(itp_covariance_estimation* estimation, itp_covariance** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_get_info(itp_covariance* covariance, itp_covariance_info* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_new(itp_covariance_plan_desc* desc, itp_covariance_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_covariance_plan_free(itp_covariance_plan* plan);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_get_info(itp_covariance_plan* plan, itp_covariance_plan_info* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_get_band(itp_covariance_plan* plan, int i, itp_covariance_band* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new_covariance(itp_covariance_plan* plan, itp_batch* batch, itp_sampler** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_fit(itp_plan* plan, itp_fit_desc* desc, IntPtr network, void* user, itp_plan** better);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_new(itp_plan* plan, itp_fit_desc* desc, itp_fit** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_fit_free(itp_fit* fit);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_next(itp_fit* fit, itp_request* request);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_submit(itp_fit* fit);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_get_report(itp_fit* fit, itp_fit_report* report);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_plan(itp_fit* fit, itp_plan** better);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide(int type, void* cond, void* uncond, double scale, void* @out, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_autoguide(int type, void* strong, void* weak, double scale, void* @out, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern double itp_guidance_at(double scale, double low, double high, double u);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guidance_cfgpp(double lambda, double u, double u_next, double* scale);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide_rescaled(int type, void* cond, void* uncond, double scale, double phi, void* @out, UIntPtr count, UIntPtr dim);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide_apg(itp_apg* apg, int type, void* cond, void* uncond, void* @out, UIntPtr count, UIntPtr dim);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_threshold_static(int type, void* data, double low, double high, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_threshold_dynamic(int type, void* data, double quantile, double most, UIntPtr count, UIntPtr dim);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_kind_at(byte* kind, int i, itp_entry* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_kind_find(byte* kind, byte* name, itp_entry* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_path_new(itp_path_desc* desc, itp_path** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_path_free(itp_path* path);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_path_at(itp_path* path, itp_schedule* schedule, double t, void* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_to_json(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_from_json(byte* text, UIntPtr length, itp_env* env, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_parse(byte* text, itp_error* why, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_parse_with(byte* text, itp_env* env, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_parse(byte* text, itp_error* why, itp_schedule** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_solver_parse(byte* text, itp_error* why, itp_solver* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_grid_parse(byte* text, itp_error* why, itp_grid* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_diffusion_parse(byte* text, itp_error* why, itp_diffusion* @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_print(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_print(itp_schedule* schedule, byte* text, UIntPtr capacity, UIntPtr* needed);
    }
}
