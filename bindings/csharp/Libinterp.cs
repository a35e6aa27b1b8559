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
    /// <summary>A schedule. It never changes, and threads may share it.</summary>
    public struct itp_schedule { }
    /// <summary>A plan: rows of numbers, one for each evaluation of the network. It never changes, and threads may share it.</summary>
    public struct itp_plan { }
    /// <summary>A run of a plan over a batch. It belongs to one thread at a time.</summary>
    public struct itp_sampler { }
    /// <summary>A covariance, as somebody gave or as samples made it. It never changes, and threads may share it.</summary>
    public struct itp_covariance { }
    /// <summary>A plan for each band. Immutable and shareable, as plans are.</summary>
    public struct itp_covariance_plan { }
    /// <summary>A fit under way.</summary>
    public struct itp_fit { }
    /// <summary>A path on which samples lie, evaluated between the times at which they were recorded.</summary>
    public struct itp_path { }
    /// <summary>A search under way, or what it has found.</summary>
    public struct itp_search { }

    /// <summary>Memory: both functions or neither (malloc and free). alloc returns NULL or `size` bytes aligned to `alignment` (a power of two); free gets the size that was asked for.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_allocator
    {
        public UIntPtr size;
        public IntPtr alloc; // itp_allocator_alloc
        public IntPtr free; // itp_allocator_free
        /// <summary>given to both</summary>
        public void* user;
    }

    /// <summary>Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked but hardly what was meant; it names the field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_log
    {
        public UIntPtr size;
        /// <summary>level: ITP_LOG_*</summary>
        public IntPtr write; // itp_log_write
        /// <summary>given to write</summary>
        public void* user;
    }

    /// <summary>Why a call failed, for callers without a log: written by every call whose description has an itp_env with it, and by the later calls on objects of one thread (samplers, fits) that were made with it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_error
    {
        public UIntPtr size;
        /// <summary>what the call returned</summary>
        public int status;
        public int reserved;
        /// <summary>what is wrong: the sentence up to its colon, "" where it has none</summary>
        public fixed byte field[64];
        /// <summary>one English sentence, without a newline: what is wrong, its value, what to do; cut to fit</summary>
        public fixed byte text[448];
    }

    /// <summary>What an object gets from the program around it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_env
    {
        public UIntPtr size;
        /// <summary>NULL: malloc and free</summary>
        public itp_allocator* memory;
        /// <summary>NULL: silent</summary>
        public itp_log* log;
        /// <summary>NULL: everything on the calling thread. Samplers hand it their pass over the arrays; others have no use for it</summary>
        public IntPtr parallel_for; // itp_parallel_fn
        /// <summary>its first argument</summary>
        public void* parallel_user;
        /// <summary>NULL: none. Filled, or cleared, before a call returns</summary>
        public itp_error* error;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_noise_request
    {
        public UIntPtr size;
        /// <summary>of the batch</summary>
        public ulong first;
        /// <summary>samples, elements per sample</summary>
        public UIntPtr count;
        /// <summary>samples, elements per sample</summary>
        public UIntPtr dim;
        /// <summary>ITP_FLOAT32 | ITP_FLOAT64</summary>
        public int type;
        /// <summary>that is about to run; 0 for the start</summary>
        public int row;
        /// <summary>of the solver that the normal belongs to, from 0; 0 for the start</summary>
        public int step;
        /// <summary>0: the start's, which is drawn when the run begins; then 1, 2, ... in order</summary>
        public int draw;
        /// <summary>of xi_m in the plan's rows</summary>
        public uint m;
        public uint reserved;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_torch_cpu
    {
        /// <summary>of torch.manual_seed</summary>
        public ulong seed;
        /// <summary>0: the next draw begins anew from the seed</summary>
        public int seeded;
        /// <summary>word to come</summary>
        public int next;
        /// <summary>1: `second` waits for the next draw of fewer than 16 elements</summary>
        public int waits;
        public int reserved;
        /// <summary>the other one of a pair of normals, of which a draw has taken one</summary>
        public double second;
        /// <summary>the twister's state</summary>
        public fixed uint word[624];
    }

    /// <summary>torch's generator on CUDA: cuRAND's Philox4x32-10.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_torch_cuda
    {
        /// <summary>of torch.manual_seed</summary>
        public ulong seed;
        /// <summary>how far it is: blocks of four numbers of each thread; torch says four times as much</summary>
        public ulong offset;
        public ulong threads;
    }

    /// <summary>Values of a user's schedule at t. With `user_parts` 0 only alpha and beta are read. `size` is set by the library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_values
    {
        public UIntPtr size;
        /// <summary>&gt;= 0, not both 0 except at t = 0</summary>
        public double alpha;
        /// <summary>&gt;= 0, not both 0 except at t = 0</summary>
        public double beta;
        /// <summary>derivatives by t, read when user_parts has ITP_USER_DERIVATIVES; may be infinite at an end. Not given, they come from extrapolated differences: then they must be finite</summary>
        public double dalpha;
        /// <summary>derivatives by t, read when user_parts has ITP_USER_DERIVATIVES; may be infinite at an end. Not given, they come from extrapolated differences: then they must be finite</summary>
        public double dbeta;
    }

    /// <summary>What a schedule is to be. Zero is the default of every field; one that the chosen kind does not read must be 0.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_desc
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>ITP_SCHEDULE_*; 0: linear</summary>
        public int kind;
        /// <summary>lazy, point mass: ITP_CLOCK_*</summary>
        public int clock;
        /// <summary>lazy, point mass: the diffusion eps = k eps* that it is lazy for, at most 64; 0: the flow for "lazy", 1 for "point-mass", which has k &gt; 0</summary>
        public double k;
        /// <summary>lazy, point mass: standard deviation of the data, &gt; 0; 0: 1</summary>
        public double s;
        /// <summary>vp-sde: 0 &lt;= beta_min &lt;= beta_max; 0: 0.1 and 20; beta_min &lt; 0: none</summary>
        public double beta_min;
        /// <summary>vp-sde: 0 &lt;= beta_min &lt;= beta_max; 0: 0.1 and 20; beta_min &lt; 0: none</summary>
        public double beta_max;
        /// <summary>ve: &gt; 0; 0: 80, which is raised to the network's own highest level where a network under it reaches further (DDPM's betas: 157)</summary>
        public double sigma_max;
        /// <summary>edm: &gt; 0; 0: 0.5</summary>
        public double sigma_data;
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public double* alphas_cumprod;
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public double* alpha;
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public double* beta;
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public int count;
        /// <summary>user: ITP_USER_DERIVATIVES when `values` fills dalpha and dbeta</summary>
        public int user_parts;
        /// <summary>user: required; must be thread-safe</summary>
        public IntPtr values; // itp_schedule_fn
        /// <summary>user: NULL: found by safeguarded root finding on u</summary>
        public IntPtr inverse; // itp_schedule_inverse_fn
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public void* user;
        /// <summary>ddpm: the first and the last beta, above 0 and below 1; 0: 0.0001 and 0.02</summary>
        public double beta_start;
        /// <summary>ddpm: the first and the last beta, above 0 and below 1; 0: 0.0001 and 0.02</summary>
        public double beta_end;
        /// <summary>ddpm: how many, 2 to 2^24; 0: 1000</summary>
        public int beta_count;
        /// <summary>ddpm: ITP_BETAS_*</summary>
        public int betas;
        /// <summary>ddpm, alphas_cumprod: 1: the roots of the products are moved and stretched so that the noisiest is 0 (2305.08891, rescale_betas_zero_snr elsewhere)</summary>
        public int zero_snr;
        /// <summary>table: `count` &gt;= 2 samples at evenly spaced t; in order of decreasing r (a DDPM table, index 0 = cleanest) or of increasing r.</summary>
        public int reserved;
        /// <summary>ddpm, alphas_cumprod: &gt; 0; 0: 1. Every product's signal to noise ratio a/(1 - a) is divided by this, before zero_snr (CogVideoX: 3, snr_shift_scale elsewhere)</summary>
        public double snr_shift;
    }

    /// <summary>Everything about one time.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_schedule_point
    {
        public UIntPtr size;
        /// <summary>the time that was asked for</summary>
        public double t;
        /// <summary>derivatives by t; infinite where they are</summary>
        public double alpha;
        /// <summary>derivatives by t; infinite where they are</summary>
        public double beta;
        /// <summary>derivatives by t; infinite where they are</summary>
        public double dalpha;
        /// <summary>derivatives by t; infinite where they are</summary>
        public double dbeta;
        /// <summary>beta/(alpha + beta); its limit where both are 0</summary>
        public double u;
        /// <summary>beta/alpha and its logarithm</summary>
        public double r;
        /// <summary>beta/alpha and its logarithm</summary>
        public double lambda;
        /// <summary>alpha beta' - alpha' beta</summary>
        public double W;
        /// <summary>alpha^2 beta'/beta - alpha alpha' = alpha W/beta, the optimal diffusion; 2602.03789. The SDE has noise sqrt(2 eps) dW.</summary>
        public double eps_star;
    }

    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_conversion
    {
        public UIntPtr size;
        /// <summary>dtau, dc: derivatives by t; infinite where they are</summary>
        public double tau;
        /// <summary>dtau, dc: derivatives by t; infinite where they are</summary>
        public double c;
        /// <summary>dtau, dc: derivatives by t; infinite where they are</summary>
        public double dtau;
        /// <summary>dtau, dc: derivatives by t; infinite where they are</summary>
        public double dc;
        /// <summary>c^2 tau', the factor of the diffusion coefficient</summary>
        public double eps;
    }

    /// <summary>A diffusion. Zero is the default of every field: none, the flow (ODE). Read while a plan is made.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_diffusion
    {
        public UIntPtr size;
        /// <summary>ITP_DIFFUSION_*</summary>
        public int kind;
        public int reserved;
        /// <summary>K: &gt;= 0; 0: the flow (ODE), 1: the statistically optimal SDE</summary>
        public double k;
        /// <summary>K: used instead of k where not NULL</summary>
        public IntPtr k_fn; // itp_k_fn
        /// <summary>all but K and USER: n, finite and &gt; 0; 0: 1</summary>
        public double norm;
        /// <summary>all but K: whose t it is; NULL: the network's</summary>
        public itp_schedule* schedule;
        /// <summary>USER</summary>
        public IntPtr fn; // itp_diffusion_fn
        /// <summary>of k_fn or fn</summary>
        public void* user;
    }

    /// <summary>A grid. Zero is the default of every field. Read while a plan is made; nodes are copied. A field that the chosen kind does not read must be 0: ITP_E_UNSUPPORTED names it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_grid
    {
        public UIntPtr size;
        /// <summary>ITP_GRID_*; 0: time</summary>
        public int kind;
        /// <summary>user grids: steps + 1</summary>
        public int node_count;
        /// <summary>user grids: increasing, but for "user-sigma"</summary>
        public double* nodes;
        /// <summary>&gt; 0; 0: 1.</summary>
        public double shift;
        /// <summary>0, or below 1: every grid is stretched in sigma = 1 - u, its first node staying, so that sigma is this at the node before the end (shift_terminal elsewhere). One step has no such node</summary>
        public double terminal;
        /// <summary>karras, poly-exponential, karras-flow: &gt; 0; 0: the grid's own</summary>
        public double rho;
        /// <summary>the grids of a Beta law: &gt; 0, at most 1000; 0: .6</summary>
        public double beta_a;
        /// <summary>the grids of a Beta law: &gt; 0, at most 1000; 0: .6</summary>
        public double beta_b;
        /// <summary>lambda and the grids in a sigma: the first and the last node where the range has an infinite end, in the grid's own sigma: 0 &lt; sigma_min &lt; sigma_max. 0: where lambda = log(beta/alpha) is -5 and 5.</summary>
        public double sigma_max;
        /// <summary>lambda and the grids in a sigma: the first and the last node where the range has an infinite end, in the grid's own sigma: 0 &lt; sigma_min &lt; sigma_max. 0: where lambda = log(beta/alpha) is -5 and 5.</summary>
        public double sigma_min;
        /// <summary>logit-normal: &gt; 0; 0: 1.75</summary>
        public double deviation;
        /// <summary>part of the path, 0 &lt;= u_start &lt; u_end &lt;= 1. u_start 0: the noise end of both schedules, even if that is not at u = 0 (VP-SDE, tables, VE). u_end 0: 1</summary>
        public double u_start;
        /// <summary>part of the path, 0 &lt;= u_start &lt; u_end &lt;= 1. u_start 0: the noise end of both schedules, even if that is not at u = 0 (VP-SDE, tables, VE). u_end 0: 1</summary>
        public double u_end;
        /// <summary>leading, leading-open: &gt;= 0 (Stable Diffusion: 1)</summary>
        public int steps_offset;
        /// <summary>1: the nodes backward, from data to noise (inversion), for solvers without noise; from where both schedules end, if that is before u = 1. Start it with data</summary>
        public int reversed;
    }

    /// <summary>A network.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_model
    {
        public UIntPtr size;
        /// <summary>of the network's INPUT; NULL: linear. EDM networks see c_in x: ITP_SCHEDULE_EDM</summary>
        public itp_schedule* schedule;
        /// <summary>ITP_PREDICT_*; 0: velocity</summary>
        public int prediction;
        /// <summary>ITP_TIME_*; 0: t</summary>
        public int time;
        /// <summary>ITP_PREDICT_EDM: &gt; 0; 0: 0.5</summary>
        public double sigma_data;
        /// <summary>ITP_PREDICT_AFFINE: data = a x + b F</summary>
        public IntPtr affine; // itp_affine_fn
        /// <summary>ITP_TIME_USER</summary>
        public IntPtr time_fn; // itp_time_fn
        /// <summary>of both; they are called only while an object is made</summary>
        public void* user;
    }

    /// <summary>An explicit Runge-Kutta method of the caller's: stage i lies at c[i] of the step, at x + h sum_j a[i][j] k_j, and the step is h sum_i b[i] k_i.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_tableau
    {
        public UIntPtr size;
        /// <summary>1 .. 16, 1 .. 16; the order is taken at its word</summary>
        public int stages;
        /// <summary>1 .. 16, 1 .. 16; the order is taken at its word</summary>
        public int order;
        /// <summary>[stages][stages]</summary>
        public double* a;
        /// <summary>[stages]</summary>
        public double* b;
        /// <summary>[stages]</summary>
        public double* c;
        /// <summary>[stages + 1]; NULL: none</summary>
        public double* embedded;
        /// <summary>1 .. 16</summary>
        public int embedded_order;
        /// <summary>stages + 1; both are 0 without `embedded`</summary>
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

    /// <summary>A solver.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_solver
    {
        public UIntPtr size;
        /// <summary>ITP_RUNGE_KUTTA, ...</summary>
        public int family;
        /// <summary>1 ..; 0: the family's lowest</summary>
        public int order;
        /// <summary>ITP_FORM_*; 0: data (ITP_PNDM: noise)</summary>
        public int form;
        /// <summary>ITP_VARIABLE_*; 0: lambda</summary>
        public int variable;
        /// <summary>ITP_WEIGHTS_*; 0: as said there</summary>
        public int weights;
        /// <summary>ITP_CORRECTOR_*</summary>
        public int corrector;
        /// <summary>exponential methods: ITP_FINAL_FULL or ITP_FINAL_LOWER; of BLOCKS LOWER gives the last step less than the full order (DPM-Solver: 3, ..., 3, 2, 1).</summary>
        public int final_order;
        public int reserved;
        /// <summary>RUNGE_KUTTA: the caller's own; order, weights are then not read</summary>
        public itp_tableau* tableau;
        /// <summary>noise of its own: how much, &gt;= 0; 0: the deterministic method</summary>
        public double eta;
        /// <summary>the noise's deviation is multiplied by this, &gt;= 0; 1 keeps the law</summary>
        public double s_noise;
        public double s_churn;
        /// <summary>s_max 0: no upper limit</summary>
        public double s_min;
        /// <summary>s_max 0: no upper limit</summary>
        public double s_max;
        /// <summary>CHURN: by so much of itself sigma is raised instead, without a limit, where the sigma stepped to is between s_min and s_max; 0: by s_churn. GRADIENT: 0: 2</summary>
        public double gamma;
        /// <summary>"alphafold-3": its steps are so much longer; 0: 1, which keeps the law</summary>
        public double step_scale;
        /// <summary>LANGEVIN: r of a step of the size 2 r^2 sigma^2; 0: .16</summary>
        public double corrector_snr;
        /// <summary>[restart_count]; several at one node are made in their order</summary>
        public itp_restart* restarts;
        /// <summary>how many</summary>
        public int restart_count;
        public int reserved2;
    }

    /// <summary>What a plan is made from. Zero is the default of every field. All that is pointed to is read while the plan is made.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_desc
    {
        public UIntPtr size;
        /// <summary>memory, log, error; NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>the network (model.h); NULL: velocity, trained on the linear schedule, given t</summary>
        public itp_model* model;
        /// <summary>to sample under; NULL: the model's own</summary>
        public itp_schedule* schedule;
        /// <summary>solver.h; NULL: "euler", with noise "euler-maruyama"</summary>
        public itp_solver* solver;
        /// <summary>grid.h; NULL: "time", the whole path</summary>
        public itp_grid* grid;
        /// <summary>diffusion.h; NULL: none, the flow (ODE)</summary>
        public itp_diffusion* diffusion;
        /// <summary>the budget, 1 .. 100000; 0: 8, and beside nodes of the caller's no limit.</summary>
        public int evaluations;
        /// <summary>ITP_NOISE_*</summary>
        public int noise;
        /// <summary>ITP_START_*</summary>
        public int start;
        /// <summary>ITP_LAST_*</summary>
        public int last;
        /// <summary>ITP_SINGULAR_*</summary>
        public int singular;
        /// <summary>ITP_ENDS_*</summary>
        public int ends;
    }

    /// <summary>A plan, but for its rows.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_info
    {
        public UIntPtr size;
        /// <summary>network evaluations</summary>
        public int rows;
        /// <summary>steps of the solver</summary>
        public int steps;
        /// <summary>arrays of dim elements per sample that running it needs: slot 0 is the caller's x</summary>
        public int slots;
        /// <summary>indices m of xi_m are below this; xi_0 is the start. With ITP_NOISE_PATH they are a few dozens out of 2^29 .. 2^31 - 1 (noise.h), and this is no count of anything</summary>
        public int normals;
        /// <summary>standard deviation of the noise in Y_0</summary>
        public double start_scale;
        /// <summary>positions that the plan goes from and to</summary>
        public double u_start;
        /// <summary>positions that the plan goes from and to</summary>
        public double u_end;
        public int reserved;
        /// <summary>1: rows read normals of a Brownian path that the row before reads, too. A sampler has an array more, besides `slots`, in which a row sums up for the next one what it draws</summary>
        public int carries;
        /// <summary>for a start from data X: Y_0 = start_data X + start_scale xi_0 (ITP_X_DATA)</summary>
        public double start_data;
        /// <summary>of the last state, see itp_plan_row; 1 at u = 1: the data themselves</summary>
        public double end_scale;
        /// <summary>Y_0 as a sum of normals instead of start_scale xi_0, as centred starts with ITP_NOISE_PATH have it; owned by the plan</summary>
        public itp_term* start_terms;
        /// <summary>0: start_scale xi_0</summary>
        public int start_term_count;
        /// <summary>1: at its start a state holds data beside the noise, markedly more than at the network's own noise end: it is meant for ITP_X_DATA or ITP_X_GIVEN</summary>
        public int starts_inside;
        /// <summary>evaluations of the budget that no step can make, as the grid has too few nodes</summary>
        public int unspent;
        public int reserved2;
        /// <summary>the name of the method, "runge-kutta" for a tableau of the caller's, "rows" for rows that no solver of the library's made; owned by the plan</summary>
        public byte* solver;
        public double amplification;
    }

    /// <summary>coef times a column, a summand of a row.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_term
    {
        /// <summary>ITP_COLUMN_*</summary>
        public int column;
        /// <summary>Y_index, F_index (as kept, where an earlier row kept it), xi_index</summary>
        public int index;
        /// <summary>array that holds it when the row runs; -1 for a normal</summary>
        public int slot;
        public int reserved;
        /// <summary>what the column is multiplied by</summary>
        public double coef;
    }

    /// <summary>Row i: the evaluation of the network at Y_i that gives F_i, and the sum of terms that Y_{i+1} then is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_row
    {
        public UIntPtr size;
        /// <summary>what the network is given</summary>
        public double time;
        /// <summary>where: position on the path, time of the sampling schedule</summary>
        public double u;
        /// <summary>where: position on the path, time of the sampling schedule</summary>
        public double t;
        /// <summary>of Y_{i+1}; owned by the plan</summary>
        public itp_term* terms;
        /// <summary>of `terms`</summary>
        public int term_count;
        /// <summary>1: after the row F_i becomes keep_state Y_i + keep_output F_i</summary>
        public int keep;
        /// <summary>read where keep is 1</summary>
        public double keep_state;
        /// <summary>read where keep is 1</summary>
        public double keep_output;
        /// <summary>of Y_i, F_i, Y_{i+1}</summary>
        public int x_slot;
        /// <summary>of Y_i, F_i, Y_{i+1}</summary>
        public int out_slot;
        /// <summary>of Y_i, F_i, Y_{i+1}</summary>
        public int next_slot;
        /// <summary>of Y_i, F_i, Y_{i+1}</summary>
        public int reserved;
        /// <summary>the data prediction here is data_state Y_i + data_output F_i (F_i as the network returned it); both 0 where one of them has no finite limit</summary>
        public double data_state;
        /// <summary>the data prediction here is data_state Y_i + data_output F_i (F_i as the network returned it); both 0 where one of them has no finite limit</summary>
        public double data_output;
        /// <summary>alpha + beta of the network's schedule here: Y_i = scale ((1 - u) Z + u X) on the path</summary>
        public double scale;
        /// <summary>the solver's step that the row is part of, of how many</summary>
        public int step;
        /// <summary>the solver's step that the row is part of, of how many</summary>
        public int steps;
        /// <summary>1: Y_{i+1} is where that step ends. 0: a stage between two nodes or, with stochastic-heun, sea, shark and churned steps, that end with the noise added at which the next step begins</summary>
        public int ends_step;
        public int reserved2;
    }

    /// <summary>Rows that somebody else found: a plan to be made of them.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_rows
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>copied with their terms, which stand in this order: states, outputs, normals, each by increasing index; each row has the size that the first one says.</summary>
        public itp_plan_row* rows;
        /// <summary>1 .. 1000000</summary>
        public int row_count;
        /// <summary>0: every row is a step, and need not say so</summary>
        public int steps;
        /// <summary>as in itp_plan_info; without these two and start_terms it is Y_0 = xi_0</summary>
        public double start_scale;
        /// <summary>as in itp_plan_info; without these two and start_terms it is Y_0 = xi_0</summary>
        public double start_data;
        /// <summary>both 0: the whole path, 0 to 1</summary>
        public double u_start;
        /// <summary>both 0: the whole path, 0 to 1</summary>
        public double u_end;
        /// <summary>0: 1</summary>
        public double end_scale;
        /// <summary>normals by increasing index; copied</summary>
        public itp_term* start_terms;
        /// <summary>of start_terms</summary>
        public int start_term_count;
        /// <summary>as in itp_plan_info</summary>
        public int starts_inside;
        /// <summary>what made them, for itp_plan_info; NULL: "rows". Copied</summary>
        public byte* solver;
    }

    /// <summary>Where a fitted plan (fit.h) comes from; saved and loaded with it. Errors are root mean squares to the converged end point, before and after the fit, on the seeds fitted on and on those held out.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_plan_origin
    {
        public UIntPtr size;
        /// <summary>as the user named it, with a final 0; cut where it is longer</summary>
        public fixed byte network[64];
        /// <summary>of the first seed, where there is a range of them</summary>
        public ulong seed;
        /// <summary>of the first seed, where there is a range of them</summary>
        public ulong first;
        /// <summary>seeds in all, and how many of them only chose; count 0: not a fitted plan</summary>
        public ulong count;
        /// <summary>seeds in all, and how many of them only chose; count 0: not a fitted plan</summary>
        public ulong held_out;
        /// <summary>the errors</summary>
        public double before;
        /// <summary>the errors</summary>
        public double before_held_out;
        /// <summary>the errors</summary>
        public double after;
        /// <summary>the errors</summary>
        public double after_held_out;
        /// <summary>that it was fitted with; samplers of another one warn</summary>
        public double guidance;
        /// <summary>that it was fitted with; samplers of another one warn</summary>
        public double guidance_low;
        /// <summary>that it was fitted with; samplers of another one warn</summary>
        public double guidance_high;
        /// <summary>damping of the last step</summary>
        public double ridge;
        /// <summary>so many more seeds chose nothing; 0: none</summary>
        public ulong test;
        /// <summary>errors on these; 0: not judged</summary>
        public double before_test;
        /// <summary>errors on these; 0: not judged</summary>
        public double after_test;
        /// <summary>that it was fitted with all scales up to, from `guidance` on; 0: with the one</summary>
        public double guidance_most;
    }

    /// <summary>Evaluate the network: read x, write every element of out, both [count][dim] of `type`. x is the run's own state: it is not the network's to change.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_request
    {
        public UIntPtr size;
        public void* x;
        public void* @out;
        public UIntPtr count;
        public UIntPtr dim;
        /// <summary>what the network is given, the same for every sample</summary>
        public double time;
        /// <summary>position on the path</summary>
        public double u;
        /// <summary>this evaluation, of how many</summary>
        public int row;
        /// <summary>this evaluation, of how many</summary>
        public int rows;
        public int type;
        public int reserved;
        /// <summary>of the batch</summary>
        public ulong first;
        /// <summary>guided batches: write the unconditional output here, the conditional one to out. NULL in rows that need none</summary>
        public void* out2;
        /// <summary>the scale with which the two are combined; 1 where out2 is NULL</summary>
        public double guidance;
        /// <summary>the data prediction is data_state x + data_output F; both 0: see itp_plan_row</summary>
        public double data_state;
        /// <summary>the data prediction is data_state x + data_output F; both 0: see itp_plan_row</summary>
        public double data_output;
        /// <summary>of the solver: the one that this evaluation is part of, of how many</summary>
        public int step;
        /// <summary>of the solver: the one that this evaluation is part of, of how many</summary>
        public int steps;
        /// <summary>1: the state after this row is where that step ends</summary>
        public int ends_step;
        public int reserved2;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public double* times;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public double* positions;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public double* guidances;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public double* data_states;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public double* data_outputs;
        /// <summary>NULL, but for adaptive runs, whose samples each have a place of their own.</summary>
        public ulong* index;
    }

    /// <summary>What a plan is run over: how many samples of what size and type, how they begin, and what looks on. Zero is the default of every field but dim and count.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_batch
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent.</summary>
        public itp_env* env;
        /// <summary>elements per sample; samples, of a sampler the most that a run may have; at least 1: x is [count][dim], without gaps</summary>
        public UIntPtr dim;
        /// <summary>elements per sample; samples, of a sampler the most that a run may have; at least 1: x is [count][dim], without gaps</summary>
        public UIntPtr count;
        /// <summary>seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.</summary>
        public ulong seed;
        /// <summary>seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.</summary>
        public ulong first;
        /// <summary>seed, first, seeds and x are for itp_sample, which begins with them as itp_start has them. A sampler takes an itp_start each time that it begins: itp_sampler_new refuses what is set here.</summary>
        public ulong* seeds;
        /// <summary>ITP_FLOAT32, which 0 means too, or ITP_FLOAT64: of x, out and the workspace</summary>
        public int type;
        /// <summary>ITP_X_NOISE: x is overwritten with the start; ITP_X_GIVEN: x holds the state, as itp_start.given; ITP_X_DATA: x holds data, as itp_start.data = x</summary>
        public int x;
        /// <summary>ITP_KERNEL_*; OPENBLAS gives ITP_E_UNSUPPORTED in a build without it</summary>
        public int kernel;
        /// <summary>1: look for NaN and infinity in every output of the network. Until the network writes them, out and out2 hold NaN, so that an output that was not, or not wholly, written gives ITP_E_NONFINITE too</summary>
        public int check_finite;
        /// <summary>classifier-free guidance with this scale (itp_guide, guidance.h): requests have an out2, submit combines the two outputs. 0 or 1: off (for a scale of 0, evaluate without the condition)</summary>
        public double guidance;
        /// <summary>only in rows with u in [low, high]; elsewhere out alone counts. high 0: 1</summary>
        public double guidance_low;
        /// <summary>only in rows with u in [low, high]; elsewhere out alone counts. high 0: 1</summary>
        public double guidance_high;
        /// <summary>NULL: none</summary>
        public IntPtr on_data; // itp_data_fn
        /// <summary>NULL: none</summary>
        public IntPtr on_row; // itp_row_fn
        /// <summary>of both</summary>
        public void* user;
        /// <summary>1: on_row gets the data prediction</summary>
        public int row_data;
        /// <summary>1: on_row gets its state in the coordinates of row_schedule instead of the network's: multiplied by itp_plan_coordinates' factor</summary>
        public int row_scaled;
        /// <summary>NULL: linear; read while the sampler is made only</summary>
        public itp_schedule* row_schedule;
        /// <summary>NULL: allocated. Else the sampler lives in it until it is freed, and the allocator is not called at all. Aligned to 64 bytes; with less than `needed` bytes ITP_E_RANGE, not aligned ITP_E_ARGUMENT.</summary>
        public void* workspace;
        /// <summary>of `workspace`</summary>
        public UIntPtr workspace_bytes;
        /// <summary>NULL: the normals of (seed, sample). Else this callback draws them (noise.h); seed and seeds must be 0 then, and the plan one with ITP_NOISE_STEPS, or without noise but for the start.</summary>
        public IntPtr noise; // itp_noise_fn
        /// <summary>NULL: the normals of (seed, sample). Else this callback draws them (noise.h); seed and seeds must be 0 then, and the plan one with ITP_NOISE_STEPS, or without noise but for the start.</summary>
        public void* noise_user;
        /// <summary>NULL, or where the functions that make samplers write how many bytes the sampler takes, in one piece aligned to 64 bytes.</summary>
        public UIntPtr* needed;
    }

    /// <summary>What a run begins from: {.size, .x, .seed} is noise, drawn.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_start
    {
        public UIntPtr size;
        /// <summary>[count][dim] of the caller's, which must stay alive until the run is over; it holds intermediate states meanwhile, and the samples at the end</summary>
        public void* x;
        /// <summary>NULL, or data X [count][dim], which may be x: the run begins at start_data X + start_scale xi_0, the state that a plan with u_start &gt; 0 or a reversed one starts from (img2img, inversion)</summary>
        public void* data;
        /// <summary>1: x holds the first state Y_0 already</summary>
        public int given;
        /// <summary>0</summary>
        public int reserved;
        /// <summary>samples, at most the batch's count, which 0 means</summary>
        public UIntPtr count;
        /// <summary>sample i draws from (seed, first + i): any split of a batch gives the same samples</summary>
        public ulong seed;
        /// <summary>sample i draws from (seed, first + i): any split of a batch gives the same samples</summary>
        public ulong first;
        /// <summary>NULL, or [count], a seed for each sample: sample i draws from (seeds[i], 0). Copied</summary>
        public ulong* seeds;
    }

    /// <summary>A run that chooses its own steps, each sample's by itself. Zero is the default of every field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_adaptive_desc
    {
        public UIntPtr size;
        /// <summary>NULL: the batch's. Where that has none, the sampler gets this one as its batch's; two that differ are an error</summary>
        public itp_env* env;
        /// <summary>NULL: a velocity network trained on the linear schedule, given t. Its schedule is held by the run, its user data must stay as long</summary>
        public itp_model* model;
        /// <summary>to sample under; NULL: the model's own. Held by the run</summary>
        public itp_schedule* schedule;
        /// <summary>"tsit5" 5(4), which NULL means too, "dopri5" 5(4), "bosh3" 3(2), "heun" 2(1), or a tableau of the caller's with `embedded`; copied</summary>
        public itp_solver* solver;
        /// <summary>0: 1e-5; &lt; 0: none, but not both</summary>
        public double rtol;
        /// <summary>0: 1e-5; &lt; 0: none, but not both</summary>
        public double atol;
        /// <summary>all three in the sampling schedule's t; 0: by the rule of Hairer, Norsett, Wanner, II.4, at the price of one evaluation</summary>
        public double first_step;
        /// <summary>a smaller step is ITP_E_STEP, but for the last one; 0: where t stands still</summary>
        public double min_step;
        /// <summary>0: no limit</summary>
        public double max_step;
        /// <summary>step factor: safety e1^(-c0/q) e2^(-c1/q) e3^(-c2/q) with the errors of the last three accepted steps, newest first, q the order of the estimate + 1.</summary>
        public fixed double controller[3];
        /// <summary>0 &lt; safety &lt; 1; 0: 0.9</summary>
        public double safety;
        /// <summary>limits of the factor: 0 &lt; shrink &lt; 1 &lt; grow; after a rejection it is at most 1. 0: 0.2 and 10</summary>
        public double shrink;
        /// <summary>limits of the factor: 0 &lt; shrink &lt; 1 &lt; grow; after a rejection it is at most 1. 0: 0.2 and 10</summary>
        public double grow;
        /// <summary>0 &lt;= u_start &lt; u_end &lt;= 1. u_start 0: the noise end of both schedules; u_end 0: 1</summary>
        public double u_start;
        /// <summary>0 &lt;= u_start &lt; u_end &lt;= 1. u_start 0: the noise end of both schedules; u_end 0: 1</summary>
        public double u_end;
        /// <summary>of a sample; 0: 100000; &lt; 0: no limit</summary>
        public int max_evaluations;
        /// <summary>1: backward, from u_end to u_start</summary>
        public int reversed;
    }

    /// <summary>How a sample is doing.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_adaptive_statistics
    {
        public UIntPtr size;
        /// <summary>ITP_EVALUATE: under way; ITP_OK: finished; or the error that ended it</summary>
        public int status;
        /// <summary>so many steps, and evaluations of the network, until now</summary>
        public int accepted;
        /// <summary>so many steps, and evaluations of the network, until now</summary>
        public int rejected;
        /// <summary>so many steps, and evaluations of the network, until now</summary>
        public int evaluations;
        /// <summary>of the sampling schedule: the last accepted step ended at t and began at t_before</summary>
        public double t;
        /// <summary>of the sampling schedule: the last accepted step ended at t and began at t_before</summary>
        public double t_before;
        /// <summary>the position at t, or that of the end once it is reached</summary>
        public double u;
        /// <summary>the length of the step under way, in t; negative when the run goes backward. 0: none</summary>
        public double step;
    }

    /// <summary>A mean and a covariance. Everything is copied.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_desc
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>elements of a sample, vectors: rank is for "basis", 1 .. dim</summary>
        public UIntPtr dim;
        /// <summary>elements of a sample, vectors: rank is for "basis", 1 .. dim</summary>
        public UIntPtr rank;
        /// <summary>[dim]; NULL: 0</summary>
        public double* mean;
        /// <summary>diagonal: [dim], basis: [rank]; finite, &gt;= 0</summary>
        public double* variances;
        /// <summary>[rank][dim]: orthonormal to 1e-6</summary>
        public double* basis;
        /// <summary>basis, rank &lt; dim: the variance in every direction orthogonal to it</summary>
        public double rest;
        /// <summary>variances below this times the largest are raised to it; &gt; 0, at most 1; 0: 1e-6</summary>
        public double floor;
        /// <summary>ITP_COVARIANCE_*; 0: diagonal</summary>
        public int kind;
        public int reserved;
    }

    /// <summary>From samples of the data, such as the end of a long run.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_estimation
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>[count][dim] of `type`</summary>
        public void* samples;
        /// <summary>count &gt;= 2</summary>
        public UIntPtr dim;
        /// <summary>count &gt;= 2</summary>
        public UIntPtr count;
        /// <summary>basis: so many of the largest components, 0: all. The rest gets the mean of their variances</summary>
        public UIntPtr rank;
        /// <summary>at most 1: Sigma := (1 - shrinkage) S + shrinkage (tr S/dim) I, S divided by count; 0: the shrinkage of Ledoit and Wolf 2004; &lt; 0: none. Not for "diagonal", which has none</summary>
        public double shrinkage;
        /// <summary>as in itp_covariance_desc</summary>
        public double floor;
        /// <summary>ITP_FLOAT32, which 0 means too, or ITP_FLOAT64</summary>
        public int type;
        /// <summary>ITP_COVARIANCE_*; 0: basis</summary>
        public int kind;
    }

    /// <summary>What a covariance is made of.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_info
    {
        public UIntPtr size;
        /// <summary>rank of "diagonal": dim</summary>
        public UIntPtr dim;
        /// <summary>rank of "diagonal": dim</summary>
        public UIntPtr rank;
        /// <summary>[dim] or NULL; all arrays are the covariance's own</summary>
        public double* mean;
        /// <summary>raised to the floor; [rank], decreasing if estimated; NULL if diagonal</summary>
        public double* variances;
        /// <summary>raised to the floor; [rank], decreasing if estimated; NULL if diagonal</summary>
        public double* basis;
        /// <summary>0 when rank is dim</summary>
        public double rest;
        /// <summary>of an estimate, as used</summary>
        public double shrinkage;
        /// <summary>kind: ITP_COVARIANCE_*</summary>
        public int kind;
        /// <summary>kind: ITP_COVARIANCE_*</summary>
        public int reserved;
    }

    /// <summary>What the plans of the bands are to be. Zero is the default of every field but `covariance`.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_plan_desc
    {
        public UIntPtr size;
        /// <summary>NULL: that of `plan`; two that differ are an error</summary>
        public itp_env* env;
        /// <summary>held by the plan</summary>
        public itp_covariance* covariance;
        /// <summary>network, solver, evaluations and, with its grid and schedule, the positions u. NULL: all defaults. No k, diffusion, s_churn, gamma or restarts, not reversed, start must be ITP_START_EVALUATE</summary>
        public itp_plan_desc* plan;
        /// <summary>ITP_CLOCK_* of the bands' schedules; ITP_CLOCK_DEFAULT: angle, and identity for solvers with several evaluations to a step, whose stages must agree</summary>
        public int clock;
        /// <summary>at most so many, of equal width in the log of the variance; 0: 16; &lt; 0: one for each component. At most 4096, also where there are more components</summary>
        public int bands;
        /// <summary>s of a band is its deviation to this power, at most 2; 0: 1, exact for Gaussian data; less for what is far from Gaussian: docs/covariance.md; &lt; 0: none, every s is 1</summary>
        public double power;
    }

    /// <summary>What the plans of all bands have in common.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_plan_info
    {
        public UIntPtr size;
        /// <summary>network evaluations; bands, of which the last is the rest's where rank &lt; dim</summary>
        public int rows;
        /// <summary>network evaluations; bands, of which the last is the rest's where rank &lt; dim</summary>
        public int bands;
        /// <summary>positions that the plans go from and to</summary>
        public double u_start;
        /// <summary>positions that the plans go from and to</summary>
        public double u_end;
    }

    /// <summary>The numbers of a band, for programs with kernels of their own: the rows of `plan`, and in row i the constant mean_terms[i] times the mean (its component along the vector).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_covariance_band
    {
        public UIntPtr size;
        public itp_plan* plan;
        /// <summary>[rows]; 0 without a mean</summary>
        public double* mean_terms;
        /// <summary>[rank], of the whole covariance: the band of each component</summary>
        public int* members;
        /// <summary>of the band's schedule, see `power` of the description</summary>
        public double s;
    }

    /// <summary>What a fit has done so far, and in the end. Errors are root mean squares to the converged end point.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_report
    {
        public UIntPtr size;
        /// <summary>of the plan that came in, on the seeds fitted on and on those held out</summary>
        public double before;
        /// <summary>of the plan that came in, on the seeds fitted on and on those held out</summary>
        public double before_held_out;
        /// <summary>of the best plan so far</summary>
        public double after;
        /// <summary>of the best plan so far</summary>
        public double after_held_out;
        /// <summary>of both on the seeds that chose nothing: what to expect elsewhere; 0 before the end, and without such seeds</summary>
        public double before_test;
        /// <summary>of both on the seeds that chose nothing: what to expect elsewhere; 0 before the end, and without such seeds</summary>
        public double after_test;
        /// <summary>the damping of the last step taken; 0: none was</summary>
        public double ridge;
        /// <summary>the reference against one half as fine; 0 for the caller's reference</summary>
        public double reference_error;
        /// <summary>of the network, counted by samples (twice where guidance asks for two outputs)</summary>
        public ulong evaluations;
        /// <summary>the share of the reference</summary>
        public ulong reference_evaluations;
        /// <summary>done with all seeds, by the finalist at work or, in the end, by the last one</summary>
        public int iterations;
        /// <summary>how many numbers are fitted</summary>
        public int parameters;
        /// <summary>evaluations per sample of the reference</summary>
        public int reference_rows;
        /// <summary>which plan the best one comes from: 0: the one that came in; i: starts[i - 1]</summary>
        public int start;
        /// <summary>1: from its greedy version</summary>
        public int greedy;
        /// <summary>how many took part in the race, greedy versions included</summary>
        public int starts;
        /// <summary>the share of greedy rows and of the race</summary>
        public ulong race_evaluations;
        /// <summary>where on the path the library's reference asks the network for the last time, if it must not be asked later (itp_fit_expert.u_last); else 0</summary>
        public double u_last;
    }

    /// <summary>What is rarely set. The words are explained in docs/fit.md.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_expert
    {
        public UIntPtr size;
        /// <summary>the damping of every step, &gt; 0; 0: chosen anew for each</summary>
        public double ridge;
        /// <summary>how much large coefficients count against a plan, &gt; 0; 0: 0.2</summary>
        public double gain;
        /// <summary>1: they do not count</summary>
        public int no_gain;
        /// <summary>how many of the last outputs of the network a row takes: so many arrays, and one, are needed to run the plan; 0: all</summary>
        public int outputs;
        /// <summary>1: the nodes stay where they are, only coefficients are fitted</summary>
        public int fixed_nodes;
        /// <summary>1: plans start as they are, and not also with rows fitted one after the other. Then, where `ends` are given, no fine run is needed</summary>
        public int no_greedy;
        /// <summary>steps of each start in a round of the race; 0: 2</summary>
        public int race;
        /// <summary>1: no steps before the choice, the start of least error goes on</summary>
        public int no_race;
        /// <summary>how many starts are left at the end of the race, each to go the whole way; 0: 1</summary>
        public int finalists;
        /// <summary>1: no seeds are kept apart to judge the best plan on in the end</summary>
        public int no_test;
        /// <summary>of the fine runs that the library makes; NULL: ab3</summary>
        public itp_solver* reference_solver;
        /// <summary>a fine plan from the same start to the same end, whose samples are the converged ones; NULL: the library makes it</summary>
        public itp_plan* reference;
        /// <summary>[count][dim] of the fit's type: the converged samples themselves; read by itp_fit_new only. NULL: those of the reference</summary>
        public void* ends;
        /// <summary>[count][dim]: gets them, for further fits; stays as long as the fit; may be `ends`. NULL: nowhere</summary>
        public void* ends_out;
        public double u_last;
    }

    /// <summary>Zero is the default of every field but dim.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_fit_desc
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent. Its parallel_for is for the samplers of the reference</summary>
        public itp_env* env;
        /// <summary>of the network, as when the plan was made; NULL: velocity, linear, given t</summary>
        public itp_model* model;
        /// <summary>elements per sample, at least 1</summary>
        public UIntPtr dim;
        /// <summary>seeds in all, at least 2; 0: 64</summary>
        public UIntPtr count;
        /// <summary>the last so many are for choosing only, fewer than count; 0: a quarter</summary>
        public UIntPtr held_out;
        public UIntPtr test;
        /// <summary>as in itp_batch: sample i draws from (seed, first + i),</summary>
        public ulong seed;
        /// <summary>as in itp_batch: sample i draws from (seed, first + i),</summary>
        public ulong first;
        /// <summary>or from (seeds[i], 0). Requests carry first + i in both cases. Copied</summary>
        public ulong* seeds;
        /// <summary>ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features</summary>
        public int type;
        /// <summary>steps with all seeds at most; 0: 10</summary>
        public int iterations;
        /// <summary>samples per evaluation of the network at most; 0: 64</summary>
        public UIntPtr batch;
        /// <summary>evaluations per sample of the finest reference that may be tried; 0: 1024</summary>
        public int reference_rows;
        public int reserved;
        /// <summary>two refinements of the reference must agree to this, relative to the root mean square of the samples; 0: 0.002</summary>
        public double tolerance;
        /// <summary>[start_count] plans of the same model and start, of as many rows and the same end, or of fewer rows: these grow. The list is copied</summary>
        public itp_plan** starts;
        /// <summary>at most 1000</summary>
        public UIntPtr start_count;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance_low;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance_high;
        /// <summary>above guidance: the plan is for all scales from guidance (0: 1) to this; every seed has one of them, evenly spread, and requests have `guidances`. 0: for the one scale</summary>
        public double guidance_most;
        /// <summary>NULL: the samples</summary>
        public IntPtr feature; // itp_feature_fn
        /// <summary>given to `feature`</summary>
        public void* feature_user;
        /// <summary>per sample; with `feature` only</summary>
        public UIntPtr features;
        /// <summary>NULL: none</summary>
        public IntPtr progress; // itp_fit_progress_fn
        /// <summary>given to `progress`</summary>
        public void* progress_user;
        /// <summary>of the network, for the plan's origin (plan.h), cut after 63 bytes; NULL: ""</summary>
        public byte* name;
        /// <summary>of itp_plan_fit: filled as far as the fit came, also when it fails; NULL: none</summary>
        public itp_fit_report* report;
        /// <summary>NULL: all zero</summary>
        public itp_fit_expert* expert;
    }

    /// <summary>Adaptive projected guidance (2410.02416, algorithm 1).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_apg
    {
        public UIntPtr size;
        /// <summary>as in itp_guide; 0 or 1: out is cond (for a scale of 0, take uncond)</summary>
        public double scale;
        /// <summary>how much of the parallel part stays: 0 in the paper, 1 for plain guidance</summary>
        public double eta;
        /// <summary>0: none; the paper uses negative ones</summary>
        public double momentum;
        /// <summary>&gt; 0, or 0: no limit</summary>
        public double threshold;
        /// <summary>[count][dim] of the caller, zeros before a run's first evaluation; NULL when momentum is 0. It may not be one of the other arrays</summary>
        public void* average;
    }

    /// <summary>One of a kind. The texts are static and never NULL, but for aliases.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_entry
    {
        public UIntPtr size;
        /// <summary>ours</summary>
        public byte* name;
        /// <summary>others, "a,b"; NULL: none. What differs in normal form alone is not listed</summary>
        public byte* aliases;
        /// <summary>one line</summary>
        public byte* about;
        /// <summary>what the owners of the names mean by them where the network is a flow, its velocity on the linear schedule: "karras" in diffusers is then "karras-flow". "": the same</summary>
        public byte* flow;
        /// <summary>the number that stands for it in descriptions; 0 for kinds without one</summary>
        public int id;
        /// <summary>itp_kind_find: 1 where the name was not our own spelling</summary>
        public int others;
        /// <summary>ITP_NEEDS_*</summary>
        public int needs;
        /// <summary>solvers: the order; else 0</summary>
        public int order;
        /// <summary>solvers: of a full step</summary>
        public int evaluations;
        /// <summary>solvers: 1 where they are for any diffusion eps = k eps*</summary>
        public int takes_k;
        /// <summary>solvers: 1 where they bring noise of their own (eta, s_noise, ...)</summary>
        public int own_noise;
        public int reserved;
        /// <summary>the fields that it reads, with range and default: "rho (positive and finite; 7), ..."</summary>
        public fixed byte parameters[456];
    }

    /// <summary>What was recorded, and how it came about.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_path_desc
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent. Its log is used by itp_path_at too</summary>
        public itp_env* env;
        /// <summary>A, of times and states; NULL: linear. Read during the call only</summary>
        public itp_schedule* schedule;
        /// <summary>[time_count], strictly increasing, in [0, 1]; copied</summary>
        public double* times;
        /// <summary>[time_count][count][dim] of `type`; must stay alive as long as the path</summary>
        public void* states;
        /// <summary>both at least 1</summary>
        public UIntPtr dim;
        /// <summary>both at least 1</summary>
        public UIntPtr count;
        /// <summary>at least 1</summary>
        public int time_count;
        /// <summary>ITP_FLOAT32, which 0 means too, or ITP_FLOAT64</summary>
        public int type;
        /// <summary>of eps = k eps*, finite and &gt;= 0; 0: a flow</summary>
        public double k;
        /// <summary>used instead of k where not NULL; called by itp_path_new and itp_path_at, which takes k to be the same over a step as where it is asked</summary>
        public IntPtr k_fn; // itp_k_fn
        /// <summary>given to k_fn</summary>
        public void* k_user;
        /// <summary>ITP_NOISE_PATH: sample i was driven by the Brownian path of (seed, first + i) or (seeds[i], 0), as batches are; ITP_NOISE_STEPS: by something else, so that between states are straight lines</summary>
        public int noise;
        public int reserved;
        /// <summary>of the Brownian paths, as in itp_batch</summary>
        public ulong seed;
        /// <summary>of the Brownian paths, as in itp_batch</summary>
        public ulong first;
        /// <summary>[count] or NULL; copied</summary>
        public ulong* seeds;
    }

    /// <summary>What a search has done so far.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_search_report
    {
        public UIntPtr size;
        /// <summary>of the network, counted by samples (twice where guidance asks for two outputs)</summary>
        public ulong evaluations;
        /// <summary>the share of the converged samples</summary>
        public ulong reference_evaluations;
        /// <summary>how many more there would be, if candidates shared none</summary>
        public ulong shared;
        /// <summary>the reference against one half as fine; 0 where the ends were given</summary>
        public double reference_error;
        /// <summary>evaluations per sample of the reference; 0 where the ends were given</summary>
        public int reference_rows;
        /// <summary>texts that make a plan, for all budgets</summary>
        public int names;
        /// <summary>plans that differ</summary>
        public int candidates;
        /// <summary>texts that make none, or one that begins or ends elsewhere</summary>
        public int refused;
        /// <summary>done, the rehearsal not counted</summary>
        public int rounds;
        /// <summary>candidates that are left</summary>
        public int running;
        /// <summary>1: the search has come to its end</summary>
        public int over;
        public int reserved;
    }

    /// <summary>A candidate's place in the ranking of its budget. Errors are root mean squares to the converged samples, or to their features.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_search_entry
    {
        public UIntPtr size;
        /// <summary>the text form of its plan (text.h), owned by the search</summary>
        public byte* text;
        /// <summary>on `seeds` seeds: those of the test where `tested` is 1, else those that it was chosen by; infinite: its samples are not finite</summary>
        public double error;
        /// <summary>of `error`, from its spread over the seeds; 0 of fewer than two</summary>
        public double standard_error;
        /// <summary>its error on the seeds that it was chosen by, by which the ranking goes</summary>
        public double chosen;
        /// <summary>what the rehearsal made of it; 0: there was none</summary>
        public double rehearsed;
        /// <summary>that `error` is of</summary>
        public ulong seeds;
        /// <summary>1: these are seeds that chose nothing</summary>
        public int tested;
        /// <summary>the round after which it left; 0: after the rehearsal; -1: it is still there</summary>
        public int round;
        /// <summary>per sample</summary>
        public int evaluations;
        /// <summary>how many texts make the same plan</summary>
        public int names;
        /// <summary>why the text makes no plan, which ranks it last; of `texts` only</summary>
        public int status;
        public int reserved;
    }

    /// <summary>Zero is the default of every field but dim.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public unsafe struct itp_search_desc
    {
        public UIntPtr size;
        /// <summary>NULL: malloc, silent</summary>
        public itp_env* env;
        /// <summary>of the network; NULL: the one that `common` names, or velocity, linear, given t</summary>
        public itp_model* model;
        /// <summary>what all candidates have in common, as the items of a plan's text: "model=data" (beside `model` none), "ends=evaluate"; NULL: nothing. Copied</summary>
        public byte* common;
        /// <summary>elements per sample, at least 1</summary>
        public UIntPtr dim;
        /// <summary>seeds to choose by, at least 2; 0: 32</summary>
        public UIntPtr count;
        /// <summary>seeds that choose nothing; 0: as many as count</summary>
        public UIntPtr test;
        /// <summary>as in itp_batch: sample i draws from (seed, first + i),</summary>
        public ulong seed;
        /// <summary>as in itp_batch: sample i draws from (seed, first + i),</summary>
        public ulong first;
        /// <summary>or from (seeds[i], 0), [count + test]. Copied</summary>
        public ulong* seeds;
        /// <summary>ITP_FLOAT32 (0 too) or ITP_FLOAT64: of samples and features</summary>
        public int type;
        /// <summary>at most 32</summary>
        public int budget_count;
        /// <summary>evaluations per sample, increasing, at most 100; NULL: 4, 6, 8. Copied</summary>
        public int* budgets;
        /// <summary>[text_count] plans to choose from, "solver=ab2 grid=karras", without the evaluations; NULL: all that make sense. Copied</summary>
        public byte** texts;
        /// <summary>at most 100000</summary>
        public UIntPtr text_count;
        /// <summary>samples per evaluation of the network at most; 0: 64</summary>
        public UIntPtr batch;
        /// <summary>evaluations that the rounds may take, test included; 0: 2/3 of the reference's for each budget.</summary>
        public ulong most;
        /// <summary>1: no rehearsal and no rounds, every candidate sees all seeds; `most` is not read</summary>
        public int exhaustive;
        /// <summary>evaluations per sample of the finest reference that may be tried; 0: 1024</summary>
        public int reference_rows;
        /// <summary>as in itp_fit_desc; 0: 0.002</summary>
        public double tolerance;
        /// <summary>[count + test][dim] of `type`: the converged samples; read by itp_search_new only. NULL: they are found</summary>
        public void* ends;
        /// <summary>[count + test][dim]: gets them, for fits (itp_fit_expert.ends); stays as long as the search; may be `ends`. NULL: nowhere</summary>
        public void* ends_out;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance_low;
        /// <summary>as in itp_batch: 0 or 1: none; guidance_high 0: 1</summary>
        public double guidance_high;
        /// <summary>NULL: the samples</summary>
        public IntPtr feature; // itp_feature_fn
        /// <summary>its first argument</summary>
        public void* feature_user;
        /// <summary>per sample; with `feature` only</summary>
        public UIntPtr features;
        /// <summary>NULL: none</summary>
        public IntPtr progress; // itp_search_progress_fn
        /// <summary>its first argument</summary>
        public void* progress_user;
        /// <summary>of the network, for what is printed, cut after 63 bytes; NULL: ""</summary>
        public byte* name;
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

    /// <summary>Writes the normal that is asked for to out, [count][dim] of `type`. 0: go on; &gt; 0: the call that asked returns that number; &lt; 0: ITP_E_CALLBACK.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_noise_fn(void* user, itp_noise_request* request, void* @out);

    /// <summary>0: done; &gt; 0: the call that asked returns that number; &lt; 0: ITP_E_CALLBACK. Of the inverse, r in [0, INFINITY]</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_schedule_fn(void* user, double t, itp_schedule_values* @out);

    /// <summary>0: done; &gt; 0: the call that asked returns that number; &lt; 0: ITP_E_CALLBACK. Of the inverse, r in [0, INFINITY]</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_schedule_inverse_fn(void* user, double r, double* t);

    /// <summary>k as a function of the position u; must be finite and &gt;= 0. Called while a plan is made, on the caller's thread.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate double itp_k_fn(void* user, double u);

    /// <summary>eps as a function of the time t of the diffusion's schedule; must be finite and &gt;= 0. Called while a plan is made, on the caller's thread.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate double itp_diffusion_fn(void* user, double t);

    /// <summary>0: done; &gt; 0: the call that asked returns that number; &lt; 0: ITP_E_CALLBACK. Called while something is made.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_affine_fn(void* user, itp_schedule_point* at, double* a, double* b);

    /// <summary>0: done; &gt; 0: the call that asked returns that number; &lt; 0: ITP_E_CALLBACK. Called while something is made.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_time_fn(void* user, itp_schedule_point* at, double* time);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_data_fn(void* user, itp_request* request, void* data);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_row_fn(void* user, itp_request* request, void* state, void* data);

    /// <summary>The user's network: reads request-&gt;x, writes all of request-&gt;out. 0: go on; &gt; 0: stop, and itp_sample returns that number; &lt; 0: stop, and itp_sample returns ITP_E_CALLBACK.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_network_fn(void* user, itp_request* request);

    /// <summary>The user's map of samples x [count][dim] to features [count][features], both of the fit's type; `first` is the index of the first sample, as in a request.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_feature_fn(void* user, void* x, UIntPtr count, ulong first, void* features);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_fit_progress_fn(void* user, itp_fit_report* report);

    /// <summary>After the converged samples, after the rehearsal, and after every round. &gt; 0 ends the search with the ranking so far and status 0; &lt; 0 ends it with ITP_E_CALLBACK.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public unsafe delegate int itp_search_progress_fn(void* user, itp_search_report* report);

    public static unsafe class Native
    {
        public const string Library = "interp";
        /// <summary>done</summary>
        public const int ITP_OK = 0;
        /// <summary>itp_sampler_next: evaluate the network, then submit</summary>
        public const int ITP_EVALUATE = 1;
        /// <summary>a NULL pointer, or a value that no such argument can have</summary>
        public const int ITP_E_ARGUMENT = -1;
        /// <summary>a struct whose size field is 0 or larger than any</summary>
        public const int ITP_E_SIZE = -2;
        /// <summary>the allocator returned NULL</summary>
        public const int ITP_E_MEMORY = -3;
        /// <summary>an unknown id or name, or a combination that does not exist</summary>
        public const int ITP_E_UNSUPPORTED = -4;
        /// <summary>a number that is not finite or outside its range</summary>
        public const int ITP_E_RANGE = -5;
        /// <summary>sizes whose product does not fit</summary>
        public const int ITP_E_OVERFLOW = -6;
        /// <summary>a struct with a field set that this library is too old to know</summary>
        public const int ITP_E_NEWER = -7;
        /// <summary>a struct shorter than its first version: the program is too old for this library</summary>
        public const int ITP_E_OLDER = -8;
        /// <summary>a schedule whose r = beta / alpha is not increasing, or values it cannot have</summary>
        public const int ITP_E_SCHEDULE = -10;
        /// <summary>nodes that do not increase strictly, or leave the range of a schedule</summary>
        public const int ITP_E_GRID = -11;
        /// <summary>a coefficient that has no finite limit at a node</summary>
        public const int ITP_E_SINGULAR = -12;
        /// <summary>fewer evaluations than one step of the solver needs, or than an adaptive run does</summary>
        public const int ITP_E_BUDGET = -13;
        /// <summary>adaptive runs: the error asks for a step below the smallest one</summary>
        public const int ITP_E_STEP = -14;
        /// <summary>fits: no two refinements of the reference agree</summary>
        public const int ITP_E_TOLERANCE = -15;
        /// <summary>a call out of order, such as a submit without a request</summary>
        public const int ITP_E_STATE = -20;
        /// <summary>a callback returned a negative number</summary>
        public const int ITP_E_CALLBACK = -21;
        /// <summary>the network returned NaN or infinity (samplers: only when asked to look)</summary>
        public const int ITP_E_NONFINITE = -22;
        /// <summary>a defect of the library: please report it</summary>
        public const int ITP_E_INTERNAL = -30;
        /// <summary>Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked but hardly what was meant; it names the field.</summary>
        public const int ITP_LOG_ERROR = 1;
        /// <summary>Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked but hardly what was meant; it names the field.</summary>
        public const int ITP_LOG_WARNING = 2;
        /// <summary>Log: called with one sentence, without a newline, when a call fails, or (a warning) when it does what it was asked but hardly what was meant; it names the field.</summary>
        public const int ITP_LOG_INFO = 3;
        /// <summary>Element type of arrays.</summary>
        public const int ITP_FLOAT32 = 1;
        /// <summary>Element type of arrays.</summary>
        public const int ITP_FLOAT64 = 2;
        public const int ITP_TORCH_WORDS = 624;
        /// <summary>"linear": alpha = 1 - t, beta = t (rectified flow, CondOT)</summary>
        public const int ITP_SCHEDULE_LINEAR = 1;
        /// <summary>"vp": alpha = cos(pi t/2), beta = sin(pi t/2) (trigonometric, GVP, cosine)</summary>
        public const int ITP_SCHEDULE_VP = 2;
        /// <summary>"vp-sde": beta = exp(-B/2), alpha = sqrt(1 - exp(-B)), B(s) = beta_min s + (beta_max - beta_min) s^2/2, s = 1 - t (Song et al. 2021)</summary>
        public const int ITP_SCHEDULE_VP_SDE = 3;
        /// <summary>"sqrt": alpha = sqrt(1 - t), beta = sqrt(t)</summary>
        public const int ITP_SCHEDULE_SQRT = 4;
        /// <summary>"sphere": alpha = sqrt(1 - t^2), beta = t</summary>
        public const int ITP_SCHEDULE_SPHERE = 5;
        /// <summary>"ve": alpha = sigma = sigma_max (1 - t), beta = 1 (EDM's raw coordinates)</summary>
        public const int ITP_SCHEDULE_VE = 6;
        /// <summary>"edm": the INPUT of an EDM network, c_in x: alpha = cos(pi t/2), beta = sin(pi t/2)/sigma_data; sigma = alpha/beta</summary>
        public const int ITP_SCHEDULE_EDM = 7;
        /// <summary>"lazy": zero drift on N(0, s^2 I) data for eps = k eps*, any k &gt;= 0</summary>
        public const int ITP_SCHEDULE_LAZY = 20;
        /// <summary>"point-mass": the lazy family for k &gt; 0; default k = 1, clock beta = t (Foellmer)</summary>
        public const int ITP_SCHEDULE_POINT_MASS = 21;
        /// <summary>"table": samples, interpolated monotonically in log r</summary>
        public const int ITP_SCHEDULE_TABLE = 40;
        /// <summary>"ddpm": the table that DDPM's betas make: alphas_cumprod = prod (1 - beta)</summary>
        public const int ITP_SCHEDULE_DDPM = 41;
        /// <summary>"user": callbacks</summary>
        public const int ITP_SCHEDULE_USER = 4096;
        /// <summary>angle for k = 0, beta for k &gt; 0: the ones that land on the data prediction in the last step</summary>
        public const int ITP_CLOCK_DEFAULT = 0;
        /// <summary>q = sin^2(pi t/2)</summary>
        public const int ITP_CLOCK_ANGLE = 1;
        /// <summary>beta = t</summary>
        public const int ITP_CLOCK_BETA = 2;
        /// <summary>q = s^2 t^2/((1-t)^2 + s^2 t^2): keeps the times of a linear-schedule network</summary>
        public const int ITP_CLOCK_IDENTITY = 3;
        /// <summary>"linear": beta_start + (beta_end - beta_start) x (diffusers; not CompVis's)</summary>
        public const int ITP_BETAS_LINEAR = 0;
        /// <summary>"scaled-linear": the roots are linear (Stable Diffusion: .00085 to .012; CompVis, ComfyUI call it linear)</summary>
        public const int ITP_BETAS_SCALED_LINEAR = 1;
        /// <summary>"cosine", "squaredcos_cap_v2": of the products cos^2((x' + .008)/1.008 pi/2), x' = i/count, at most .999 (2102.09672); reads neither beta_start nor beta_end</summary>
        public const int ITP_BETAS_COSINE = 2;
        /// <summary>"sigmoid": beta_start + (beta_end - beta_start)/(1 + exp(6 - 12 x))</summary>
        public const int ITP_BETAS_SIGMOID = 3;
        public const int ITP_BETAS_LAPLACE = 4;
        /// <summary>"exponential", "exp": of the products exp(-12 x') (diffusers); the same</summary>
        public const int ITP_BETAS_EXPONENTIAL = 5;
        /// <summary>Bits of `user_parts`.</summary>
        public const int ITP_USER_DERIVATIVES = 1;
        /// <summary>K</summary>
        public const int ITP_DIFFUSION_DEFAULT = 0;
        /// <summary>"k": k eps*, k constant or k_fn</summary>
        public const int ITP_DIFFUSION_K = 1;
        /// <summary>"constant": n</summary>
        public const int ITP_DIFFUSION_CONSTANT = 2;
        /// <summary>"sigma": n alpha</summary>
        public const int ITP_DIFFUSION_SIGMA = 3;
        /// <summary>"linear": n (1 - t)</summary>
        public const int ITP_DIFFUSION_LINEAR = 4;
        /// <summary>"decreasing": (n cos(pi t) + 1)^2/4</summary>
        public const int ITP_DIFFUSION_DECREASING = 5;
        /// <summary>"sine": n sin(pi t)^2 (SiT's "increasing-decreasing")</summary>
        public const int ITP_DIFFUSION_SINE = 6;
        /// <summary>"user": fn</summary>
        public const int ITP_DIFFUSION_USER = 4096;
        /// <summary>TIME</summary>
        public const int ITP_GRID_DEFAULT = 0;
        /// <summary>"time": uniform in the sampling schedule's t</summary>
        public const int ITP_GRID_TIME = 1;
        /// <summary>"u": uniform in u = beta/(alpha+beta)</summary>
        public const int ITP_GRID_U = 2;
        /// <summary>"lambda": uniform in log r; an end at infinity is stepped to from sigma_max, sigma_min. Also found as "exponential": the same nodes, uniform in log sigma, sigma = alpha/beta</summary>
        public const int ITP_GRID_LAMBDA = 3;
        /// <summary>"shift": another name of "u", with `shift` as SD3 and FLUX have it</summary>
        public const int ITP_GRID_SHIFT = 4;
        /// <summary>"quadratic": uniform in the square root of 1 - t, the time from the data end (DDIM's "quad", DPM-Solver's "time_quadratic")</summary>
        public const int ITP_GRID_QUADRATIC = 5;
        /// <summary>"beta": 1 - t at even quantiles of the law Beta(beta_a, beta_b) (2407.12173)</summary>
        public const int ITP_GRID_BETA = 6;
        /// <summary>"karras": uniform in sigma^(1/rho), rho = 7 (2206.00364, equation 5)</summary>
        public const int ITP_GRID_KARRAS = 20;
        /// <summary>"poly-exponential": log sigma runs as (1 - x)^rho, rho = 1 (k-diffusion)</summary>
        public const int ITP_GRID_POLY_EXPONENTIAL = 21;
        /// <summary>"kl-optimal": uniform in arctan sigma (2404.14507: optimal for N(0, I) data)</summary>
        public const int ITP_GRID_KL_OPTIMAL = 22;
        /// <summary>"bong-tangent": two arc tangents that meet half way (RES4LYF)</summary>
        public const int ITP_GRID_BONG_TANGENT = 23;
        /// <summary>"beta-sigma": even quantiles of Beta(beta_a, beta_b) (diffusers' use_beta_sigmas)</summary>
        public const int ITP_GRID_BETA_SIGMA = 24;
        /// <summary>"karras-flow": uniform in sigma^(1/rho), rho = 7</summary>
        public const int ITP_GRID_KARRAS_FLOW = 30;
        /// <summary>"exponential-flow": uniform in log sigma</summary>
        public const int ITP_GRID_EXPONENTIAL_FLOW = 31;
        /// <summary>"beta-flow": even quantiles of Beta(beta_a, beta_b)</summary>
        public const int ITP_GRID_BETA_FLOW = 32;
        /// <summary>"kl-optimal-flow": uniform in arctan sigma</summary>
        public const int ITP_GRID_KL_OPTIMAL_FLOW = 33;
        /// <summary>"bong-tangent-flow": sigma_min 0 is 0, as RES4LYF has it</summary>
        public const int ITP_GRID_BONG_TANGENT_FLOW = 34;
        /// <summary>"linear-quadratic": 1 - u falls by .025 of the way in the first half of the steps, rounded down, evenly, then as a parabola to the end (Mochi, LTX)</summary>
        public const int ITP_GRID_LINEAR_QUADRATIC = 35;
        /// <summary>"logit-normal": log(u/(1 - u)) at even quantiles of a normal law with mean 0 and `deviation`; a mean m is the shift exp(m) (Ideogram)</summary>
        public const int ITP_GRID_LOGIT_NORMAL = 36;
        /// <summary>"linspace": S values from N-1 to 0, rounded (DDIM, DDPM)</summary>
        public const int ITP_GRID_LINSPACE = 40;
        /// <summary>"linspace-open": S+1 values from N-1 to 0, rounded, without the last (DPM-Solver, DEIS, UniPC in diffusers)</summary>
        public const int ITP_GRID_LINSPACE_OPEN = 41;
        /// <summary>"leading": n = (S-1-i) floor(N/S) + steps_offset</summary>
        public const int ITP_GRID_LEADING = 42;
        /// <summary>"leading-open": n = (S-i) floor(N/(S+1)) + steps_offset (DPM-Solver in diffusers)</summary>
        public const int ITP_GRID_LEADING_OPEN = 43;
        /// <summary>"trailing": n = N - i N/S, rounded, - 1</summary>
        public const int ITP_GRID_TRAILING = 44;
        /// <summary>"simple": n = N-1 - floor(i N/S)</summary>
        public const int ITP_GRID_SIMPLE = 45;
        /// <summary>"sgm-uniform": S+1 values from N-1 to 0, not rounded, without the last</summary>
        public const int ITP_GRID_SGM_UNIFORM = 46;
        /// <summary>"normal": S values from N-1 to 0, not rounded (ComfyUI; Euler in diffusers)</summary>
        public const int ITP_GRID_NORMAL = 47;
        /// <summary>"beta-samples": n = N-1 times even quantiles of Beta(beta_a, beta_b), rounded (ComfyUI's "beta")</summary>
        public const int ITP_GRID_BETA_SAMPLES = 48;
        /// <summary>"smoothstep": n = (N-1) x^2 (3 - 2 x), x = 1 - i/S, rounded (stable-diffusion.cpp)</summary>
        public const int ITP_GRID_SMOOTHSTEP = 49;
        /// <summary>"lcm": n = (50 - floor(50 i/S)) floor(N/50) - 1: of the 50 samples that latent consistency models are distilled at (2310.04378)</summary>
        public const int ITP_GRID_LCM = 50;
        /// <summary>"ays-sd15": Stable Diffusion 1.5</summary>
        public const int ITP_GRID_AYS_SD15 = 60;
        /// <summary>"ays-sdxl"</summary>
        public const int ITP_GRID_AYS_SDXL = 61;
        /// <summary>"ays-deepfloyd": DeepFloyd-IF, stage 1</summary>
        public const int ITP_GRID_AYS_DEEPFLOYD = 62;
        /// <summary>"ays-svd": Stable Video Diffusion</summary>
        public const int ITP_GRID_AYS_SVD = 63;
        /// <summary>"ays-sd15-comfyui", "ays-sdxl-comfyui": as ComfyUI and stable-diffusion.cpp have</summary>
        public const int ITP_GRID_AYS_SD15_COMFYUI = 64;
        /// <summary>them, to ten digits, of which SDXL's 9th level is another (.1114 for .113)</summary>
        public const int ITP_GRID_AYS_SDXL_COMFYUI = 65;
        /// <summary>"gits": Geometry-Inspired Time Scheduling (2405.11326) for Stable Diffusion 1.5, coefficient 1.2: published levels for 2 to 20 steps, between those of 20 uniform in log sigma</summary>
        public const int ITP_GRID_GITS = 66;
        /// <summary>"alphafold-3": its levels, as karras from 2560 to .0064, for a path that begins at 4608, to which its sampler raises the first of them, and ends at u_end = 1/1.0064, or, in one step more, at the data</summary>
        public const int ITP_GRID_ALPHAFOLD_3 = 67;
        /// <summary>"user-time": nodes[] are times of the sampling schedule</summary>
        public const int ITP_GRID_USER_TIME = 4096;
        /// <summary>"user-u": nodes[] are positions u</summary>
        public const int ITP_GRID_USER_U = 4097;
        /// <summary>"user-sigma": nodes[] are noise levels sigma = alpha/beta &gt;= 0, decreasing</summary>
        public const int ITP_GRID_USER_SIGMA = 4098;
        /// <summary>"user-flow": nodes[] are a flow's noise levels 1 - u, decreasing</summary>
        public const int ITP_GRID_USER_FLOW = 4099;
        /// <summary>"velocity": b = E[alpha' Z + beta' X | x], derivatives by the schedule's t</summary>
        public const int ITP_PREDICT_VELOCITY = 1;
        /// <summary>"data": E[X | x]</summary>
        public const int ITP_PREDICT_DATA = 2;
        /// <summary>"noise": E[Z | x]</summary>
        public const int ITP_PREDICT_NOISE = 3;
        /// <summary>"score": grad log p_t(x) = -E[Z | x]/alpha</summary>
        public const int ITP_PREDICT_SCORE = 4;
        /// <summary>"salimans-v": E[(beta Z - alpha X) | x]/sqrt(alpha^2 + beta^2) (2202.00512)</summary>
        public const int ITP_PREDICT_SALIMANS_V = 5;
        /// <summary>"edm": F of data = c_skip x_ve + c_out F (2206.00364, table 1), with sigma_data</summary>
        public const int ITP_PREDICT_EDM = 6;
        /// <summary>"negative-velocity": noise - data where the schedule is linear (SD3, FLUX)</summary>
        public const int ITP_PREDICT_NEGATIVE_VELOCITY = 7;
        /// <summary>"affine": the user's a(t), b(t)</summary>
        public const int ITP_PREDICT_AFFINE = 4096;
        /// <summary>"t": the schedule's t</summary>
        public const int ITP_TIME_T = 1;
        /// <summary>"1-t"</summary>
        public const int ITP_TIME_REVERSED = 2;
        /// <summary>"1000(1-t)" (SD3, FLUX, DDPM-like)</summary>
        public const int ITP_TIME_THOUSAND = 3;
        /// <summary>"index": position in the table that made the schedule, with a fraction</summary>
        public const int ITP_TIME_INDEX = 4;
        /// <summary>"log-sigma/4": log(alpha/beta)/4 (EDM's c_noise)</summary>
        public const int ITP_TIME_LOG_SIGMA = 5;
        /// <summary>"sigma": alpha/beta (score networks of VE schedules). What flow networks call so, 1 - u, is "1-t" of the linear schedule</summary>
        public const int ITP_TIME_SIGMA = 6;
        /// <summary>"user"</summary>
        public const int ITP_TIME_USER = 4096;
        /// <summary>Euler's method, or with noise (diffusion) that of Euler and Maruyama</summary>
        public const int ITP_FAMILY_DEFAULT = 0;
        /// <summary>of the drift, orders 1 to 5: "euler", "midpoint", "heun", "rk4", "tsit5", ... or the caller's own tableau</summary>
        public const int ITP_RUNGE_KUTTA = 1;
        /// <summary>of the drift, with variable steps, orders 2 to 4 ("ab2"), or with the weights of equal steps on any nodes, orders 1 to 4 ("ipndm-2")</summary>
        public const int ITP_ADAMS_BASHFORTH = 2;
        /// <summary>"pndm": Adams-Bashforth's weights on noise predictions, DDIM's step (2202.09778)</summary>
        public const int ITP_PNDM = 3;
        /// <summary>the linear part exact, one evaluation per step: DDIM, DPM-Solver, DPM-Solver++ ("dpmpp-2m"), with exact weights DEIS and RES ("deis-2", "res-3m"), with a corrector UniPC ("unipc-bh2-2")</summary>
        public const int ITP_EXPONENTIAL_MULTISTEP = 4;
        /// <summary>the same with several evaluations per step: "dpmpp-2s", "dpm-3s", "res-2s"</summary>
        public const int ITP_EXPONENTIAL_SINGLESTEP = 5;
        /// <summary>the same whose stages lie at the grid's nodes: "dpmpp-singlestep-2"</summary>
        public const int ITP_EXPONENTIAL_BLOCKS = 6;
        /// <summary>of the drift, for any diffusion: "euler-maruyama", "shark", "sra1", ...</summary>
        public const int ITP_SDE_RUNGE_KUTTA = 7;
        /// <summary>"stochastic-ab2"</summary>
        public const int ITP_SDE_ADAMS_BASHFORTH = 8;
        /// <summary>SA-Solver (2309.05019), for any diffusion: "sa-2", with a corrector "sa-2-2"; of order 1 the exact law of the frozen data prediction, "exponential-sde"</summary>
        public const int ITP_SA = 9;
        /// <summary>a step of the flow to a lower level, then noise: "euler-ancestral", ...</summary>
        public const int ITP_ANCESTRAL = 10;
        /// <summary>"ddpm": the posterior step (2006.11239); with eta DDIM's (2010.02502)</summary>
        public const int ITP_DDPM_POSTERIOR = 11;
        /// <summary>"dpmpp-sde": DPM-Solver++ (SDE) of k-diffusion, 2 evaluations, 2 draws</summary>
        public const int ITP_MIDPOINT_SDE = 12;
        /// <summary>noise before a step of the flow: "edm-heun" (2206.00364, algorithm 2), "edm-euler", "edm-dpm-2s"; "alphafold-3", whose name sets gamma .8, s_min 1, s_noise 1.003 and step_scale 1.5</summary>
        public const int ITP_CHURN = 13;
        /// <summary>SDE-DPM-Solver (2211.01095): "sde-dpmpp-2m", "sde-dpm-1"; in -log sigma with the diffusion eta u eps*: "sde-dpmpp-2m-sigma"</summary>
        public const int ITP_SDE_MULTISTEP = 14;
        /// <summary>"res-2m-ancestral": the res_multistep of ComfyUI and others, with eta</summary>
        public const int ITP_ANCESTRAL_MULTISTEP = 15;
        /// <summary>"lcm": to the data prediction and back with fresh noise (2310.04378)</summary>
        public const int ITP_LCM = 16;
        /// <summary>"tcd": by DDIM's step to the share 1 - eta of the time left on the network's own schedule, of a table at the sample below, and back with fresh noise (2402.19159; eta is its gamma)</summary>
        public const int ITP_TCD = 17;
        /// <summary>"er-sde-1" to "er-sde-3": ER-SDE-Solver (2309.06169) with its authors' noise</summary>
        public const int ITP_ER_SDE = 18;
        /// <summary>"langevin": predictor and corrector of Song et al. (2011.13456), 2 evaluations: a step of Langevin's dynamics of fixed size at a node, then euler-ancestral's to the next</summary>
        public const int ITP_LANGEVIN = 19;
        /// <summary>What an exponential method holds constant or extrapolates.</summary>
        public const int ITP_FORM_DEFAULT = 0;
        /// <summary>What an exponential method holds constant or extrapolates.</summary>
        public const int ITP_FORM_DATA = 1;
        /// <summary>What an exponential method holds constant or extrapolates.</summary>
        public const int ITP_FORM_NOISE = 2;
        /// <summary>What an exponential method holds constant or extrapolates.</summary>
        public const int ITP_FORM_VELOCITY = 3;
        /// <summary>The variable in which it does: lambda = log(beta/alpha), or -log sigma with sigma = 1 - u, which for flow models is what codes made for VE models do.</summary>
        public const int ITP_VARIABLE_DEFAULT = 0;
        /// <summary>The variable in which it does: lambda = log(beta/alpha), or -log sigma with sigma = 1 - u, which for flow models is what codes made for VE models do.</summary>
        public const int ITP_VARIABLE_LAMBDA = 1;
        /// <summary>The variable in which it does: lambda = log(beta/alpha), or -log sigma with sigma = 1 - u, which for flow models is what codes made for VE models do.</summary>
        public const int ITP_VARIABLE_SIGMA = 2;
        /// <summary>the family's own</summary>
        public const int ITP_WEIGHTS_DEFAULT = 0;
        /// <summary>RUNGE_KUTTA, order 2; EXPONENTIAL_*, DPM-Solver's own: their defaults</summary>
        public const int ITP_WEIGHTS_MIDPOINT = 1;
        /// <summary>RUNGE_KUTTA, orders 2 and 3; EXPONENTIAL_*; SDE_RUNGE_KUTTA</summary>
        public const int ITP_WEIGHTS_HEUN = 2;
        /// <summary>RUNGE_KUTTA, order 2</summary>
        public const int ITP_WEIGHTS_RALSTON = 3;
        /// <summary>RUNGE_KUTTA, order 3</summary>
        public const int ITP_WEIGHTS_BOGACKI_SHAMPINE = 4;
        /// <summary>RUNGE_KUTTA, order 4: its default</summary>
        public const int ITP_WEIGHTS_CLASSIC = 5;
        /// <summary>RUNGE_KUTTA, order 4</summary>
        public const int ITP_WEIGHTS_THREE_EIGHTHS = 6;
        /// <summary>RUNGE_KUTTA, order 5: its default</summary>
        public const int ITP_WEIGHTS_TSITOURAS = 7;
        /// <summary>RUNGE_KUTTA, order 5</summary>
        public const int ITP_WEIGHTS_DORMAND_PRINCE = 8;
        /// <summary>ADAMS_BASHFORTH: those of equal steps</summary>
        public const int ITP_WEIGHTS_EQUAL = 9;
        /// <summary>EXPONENTIAL_*: exact for polynomials in the variable (DEIS, RES)</summary>
        public const int ITP_WEIGHTS_EXACT = 10;
        /// <summary>EXPONENTIAL_MULTISTEP with a corrector: UniPC, B(h) = h</summary>
        public const int ITP_WEIGHTS_BH1 = 11;
        /// <summary>... B(h) = e^h - 1: the default there</summary>
        public const int ITP_WEIGHTS_BH2 = 12;
        /// <summary>... the varying coefficients</summary>
        public const int ITP_WEIGHTS_VARY = 13;
        /// <summary>SDE_RUNGE_KUTTA: shifted Euler</summary>
        public const int ITP_WEIGHTS_SEA = 14;
        /// <summary>SDE_RUNGE_KUTTA: shifted, additive noise</summary>
        public const int ITP_WEIGHTS_SHARK = 15;
        /// <summary>SDE_RUNGE_KUTTA: Roessler 2010</summary>
        public const int ITP_WEIGHTS_SRA1 = 16;
        /// <summary>EXPONENTIAL_BLOCKS, order 3: the stages of DPM-Solver-3</summary>
        public const int ITP_WEIGHTS_STAGES = 17;
        /// <summary>ADAMS_BASHFORTH, order 1: gradient estimation (2306.04848), "euler-ge": gamma times a slope less gamma - 1 times the one before</summary>
        public const int ITP_WEIGHTS_GRADIENT = 18;
        /// <summary>EXPONENTIAL_MULTISTEP, order 1: "dpmpp-2m-v2" of SD.Next and others, the mean of two steps for the length of one</summary>
        public const int ITP_WEIGHTS_MEAN = 19;
        /// <summary>CHURN, order 1: "alphafold-3", with a step scale</summary>
        public const int ITP_WEIGHTS_SCALED = 20;
        /// <summary>END: each step is corrected with the evaluation at its end, for nothing (UniPC, SA-Solver).</summary>
        public const int ITP_CORRECTOR_NONE = 0;
        /// <summary>END: each step is corrected with the evaluation at its end, for nothing (UniPC, SA-Solver).</summary>
        public const int ITP_CORRECTOR_END = 1;
        /// <summary>LOWER: the order of a step is at most the number of steps left, itself included (lower_order_final elsewhere).</summary>
        public const int ITP_FINAL_FULL = 0;
        /// <summary>LOWER: the order of a step is at most the number of steps left, itself included (lower_order_final elsewhere).</summary>
        public const int ITP_FINAL_LOWER = 1;
        /// <summary>Where a plan's normals come from.</summary>
        public const int ITP_NOISE_PATH = 0;
        /// <summary>Where a plan's normals come from.</summary>
        public const int ITP_NOISE_STEPS = 1;
        /// <summary>Point mass starts: EVALUATE spends an evaluation at u = 0; CENTRED takes the data's mean to be zero and spends none.</summary>
        public const int ITP_START_EVALUATE = 0;
        /// <summary>Point mass starts: EVALUATE spends an evaluation at u = 0; CENTRED takes the data's mean to be zero and spends none.</summary>
        public const int ITP_START_CENTRED = 1;
        /// <summary>The last step of an SDE: DATA lands on the data prediction, without noise (its noise would be left in the sample); NOISE keeps it, right only for Gaussian data.</summary>
        public const int ITP_LAST_DATA = 0;
        /// <summary>The last step of an SDE: DATA lands on the data prediction, without noise (its noise would be left in the sample); NOISE keeps it, right only for Gaussian data.</summary>
        public const int ITP_LAST_NOISE = 1;
        public const int ITP_SINGULAR_FLOW = 0;
        public const int ITP_SINGULAR_ERROR = 1;
        /// <summary>Whether the network is evaluated at the data end, u = 1 (as a float32), which training hardly visits.</summary>
        public const int ITP_ENDS_INSIDE = 0;
        /// <summary>Whether the network is evaluated at the data end, u = 1 (as a float32), which training hardly visits.</summary>
        public const int ITP_ENDS_EVALUATE = 1;
        public const int ITP_SOLVER_NAME = 64;
        /// <summary>What a term is of: a state Y, an output F of the network, a normal xi.</summary>
        public const int ITP_COLUMN_STATE = 0;
        /// <summary>What a term is of: a state Y, an output F of the network, a normal xi.</summary>
        public const int ITP_COLUMN_OUTPUT = 1;
        /// <summary>What a term is of: a state Y, an output F of the network, a normal xi.</summary>
        public const int ITP_COLUMN_NORMAL = 2;
        /// <summary>Where a fitted plan (fit.h) comes from; saved and loaded with it. Errors are root mean squares to the converged end point, before and after the fit, on the seeds fitted on and on those held out.</summary>
        public const int ITP_ORIGIN_NAME = 64;
        public const int ITP_X_NOISE = 0;
        public const int ITP_X_GIVEN = 1;
        public const int ITP_X_DATA = 2;
        /// <summary>Which code sums up a row: the library's choice, its own loops, or OpenBLAS.</summary>
        public const int ITP_KERNEL_AUTO = 0;
        /// <summary>Which code sums up a row: the library's choice, its own loops, or OpenBLAS.</summary>
        public const int ITP_KERNEL_PORTABLE = 1;
        /// <summary>Which code sums up a row: the library's choice, its own loops, or OpenBLAS.</summary>
        public const int ITP_KERNEL_OPENBLAS = 2;
        /// <summary>"diagonal": a variance for each element</summary>
        public const int ITP_COVARIANCE_DIAGONAL = 1;
        /// <summary>"basis": variances along `rank` orthonormal vectors, one for all that is orthogonal to them</summary>
        public const int ITP_COVARIANCE_BASIS = 2;
        /// <summary>a table as the schedule sampled under, or the network's; grids: or a flow network</summary>
        public const int ITP_NEEDS_TABLE = 1;
        /// <summary>numbers of the caller's: nodes, samples</summary>
        public const int ITP_NEEDS_VALUES = 2;
        /// <summary>a callback</summary>
        public const int ITP_NEEDS_FUNCTION = 4;
        /// <summary>The version that is written, and the only one that is read.</summary>
        public const int ITP_PLAN_JSON_VERSION = 2;

        /// <summary>The version of the library that is running, major * 1000000 + minor * 1000 + patch; ITP_VERSION_* are those of the header. Cannot fail. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_version();

        /// <summary>The same as text, "major.minor.patch"; never NULL, static storage. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* itp_version_text();

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_build_has(byte* what);

        /// <summary>One English sentence for a status, also for a number that is none; never NULL, static storage. What went wrong in a call, with field and value, is in its itp_error. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern byte* itp_status_string(int status);

        /// <summary>Philox4x32-10 (Salmon et al. 2011): out[0..3] from counter[0..3] and key[0..1], none of which may be NULL. Cannot fail. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_philox(uint* counter, uint* key, uint* @out);

        /// <summary>out[i] = normal(seed, sample, m, first + i), i &lt; count, of `type`. first + count &lt;= 2^34.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_normals(ulong seed, ulong sample, uint m, ulong first, int type, void* @out, UIntPtr count);

        /// <summary>The Brownian path of a sample: one standard Brownian motion B per element on the clock s = r^2/(1 + r^2) = u^2/(u^2 + (1-u)^2) in [0, 1], the point mass schedule's own time (2602.03789).</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_brownian(ulong seed, ulong sample, double from, double to, ulong first, int type, void* increment, void* area, UIntPtr count);

        /// <summary>Draws from an itp_torch_cpu: an itp_noise_fn.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_torch_cpu_draw(void* generator, itp_noise_request* request, void* @out);

        /// <summary>Draws from an itp_torch_cuda: an itp_noise_fn.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_torch_cuda_draw(void* generator, itp_noise_request* request, void* @out);

        /// <summary>Creates a schedule, the caller's to give back with itp_schedule_free. *out is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_new(itp_schedule_desc* desc, itp_schedule** @out);

        /// <summary>The same with every default and malloc: itp_schedule_make(ITP_SCHEDULE_LAZY, &amp;s). Statuses as itp_schedule_new, whose description has an environment for their sentences.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_make(int kind, itp_schedule** @out);

        /// <summary>Gives it back. NULL is allowed. What points to it (adaptive runs, fits) holds it, and plans copy what they need: free it whenever you like.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_schedule_free(itp_schedule* schedule);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern itp_schedule* itp_schedule_of(byte* name);

        /// <summary>Everything about the time t in [0, 1], else ITP_E_RANGE. Writes at most out-&gt;size bytes.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_eval(itp_schedule* schedule, double t, itp_schedule_point* @out);

        /// <summary>The time t in [0, 1] at which beta/alpha = r, r in [0, INFINITY]. ITP_E_RANGE: r is no such number, or the schedule does not reach it; ITP_E_ARGUMENT: a NULL pointer. *t is then as it was. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_time_of_r(itp_schedule* schedule, double r, double* t);

        /// <summary>The time t in [0, 1] at which the position beta/(alpha + beta) is u, u in [0, 1]. Errors as itp_schedule_time_of_r. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_time_of_u(itp_schedule* schedule, double u, double* t);

        /// <summary>int 2 eps* dt from t0 to t1, 0 &lt;= t0 &lt;= t1 &lt;= 1: the variance that the optimal SDE (2602.03789) adds between the two, in closed form where the family has one.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_variance(itp_schedule* schedule, double t0, double t1, double* variance);

        /// <summary>That at the time t of `to`, t in [0, 1], else ITP_E_RANGE, which a position that `from` does not reach is too.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_convert(itp_schedule* from, itp_schedule* to, double t, itp_conversion* @out);

        /// <summary>The shift of a resolution: exp(mu), mu linear in the number of tokens, from mu_low at tokens_low to mu_high at tokens_high and beyond.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_shift_of_tokens(double tokens, double tokens_low, double mu_low, double tokens_high, double mu_high, double* shift);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_shift_of_flux2(double tokens, int steps, double* shift);

        /// <summary>The two scalars of G = a x + b F, where F is what `model` returns at the time t of its schedule and G the prediction `to` (ITP_PREDICT_* except AFFINE) in the same schedule.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_prediction_scalars(itp_model* model, double t, int to, double* a, double* b);

        /// <summary>The same on arrays: out[i] = a x[i] + b f[i], i &lt; count, of `type` (ITP_FLOAT32 | ITP_FLOAT64), rounded once. out may be x or f; no other overlap.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_prediction_convert(itp_model* model, double t, int to, int type, void* x, void* f, void* @out, UIntPtr count);

        /// <summary>The number that the network is given at the time t of its schedule, t in [0, 1], else ITP_E_RANGE. model NULL: the default one.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_model_time(itp_model* model, double t, double* time);

        /// <summary>Makes a plan, the caller's to give back with itp_plan_free. *out is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_new(itp_plan_desc* desc, itp_plan** @out);

        /// <summary>Whether a plan of this description reads a field of it, whatever its value: "eta", say.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_reads(itp_plan_desc* desc, byte* field);

        /// <summary>Gives it back. NULL is allowed. Samplers and fits hold their plan: free it whenever you like, on any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_plan_free(itp_plan* plan);

        /// <summary>What there is to know of a plan besides its rows.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_info(itp_plan* plan, itp_plan_info* @out);

        /// <summary>Makes a plan of rows, a program's own or those that another plan has: with all of them, and its info, it runs to the same bits.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_from_rows(itp_plan_rows* rows, itp_plan** @out);

        /// <summary>Row i, 0 &lt;= i &lt; itp_plan_info.rows, else ITP_E_RANGE. Writes at most out-&gt;size bytes; the terms belong to the plan. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out-&gt;size is none. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_row(itp_plan* plan, int i, itp_plan_row* @out);

        /// <summary>Where a plan comes from; count 0: it is not a fitted one. Writes at most out-&gt;size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out-&gt;size is none. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_get_origin(itp_plan* plan, itp_plan_origin* @out);

        /// <summary>The states of a plan in the coordinates of `schedule` (NULL: linear): the state that row i evaluates, or for i = rows the last one, lies at its time *t and is *factor times Y_i; 0 at a point mass.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_coordinates(itp_plan* plan, int i, itp_schedule* schedule, double* t, double* factor);

        /// <summary>The plan under `schedule` (NULL: linear) that makes the same process: its states are c times those of `plan` at corresponding times, step by step and not only in the limit.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_convert(itp_plan* plan, itp_schedule* schedule, itp_plan** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_format(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new(itp_plan* plan, itp_batch* batch, itp_sampler** @out);

        /// <summary>Gives a sampler back, at any moment, also in the middle of a run, whose x then holds an intermediate state. NULL is allowed. A workspace of the caller's is the caller's again.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_sampler_free(itp_sampler* sampler);

        /// <summary>Starts, or starts again, where a run that was under way is abandoned; nothing is allocated.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_begin(itp_sampler* sampler, itp_start* start);

        /// <summary>ITP_EVALUATE: *request says what to evaluate; calling it again before a submit gives the same request.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_next(itp_sampler* sampler, itp_request* request);

        /// <summary>The output is there: runs the row.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_submit(itp_sampler* sampler);

        /// <summary>Writes where the run is into `buffer`: the row and the arrays that later rows read.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_save(itp_sampler* sampler, void* buffer, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_restore(itp_sampler* sampler, void* buffer, UIntPtr size, void* x);

        /// <summary>One run of a sampler: begins with `start`, and evaluates `network` until the run is over.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_run(itp_sampler* sampler, itp_start* start, IntPtr network, void* user);

        /// <summary>Runs `plan` over `batch` into x [count][dim]: a sampler for one run, which begins as the batch's seed, first, seeds and x say.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sample(itp_plan* plan, itp_batch* batch, void* x, IntPtr network, void* user);

        /// <summary>Creates a sampler that runs adaptively, as itp_sampler_new does one of a plan; all that samplers have it has too.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new_adaptive(itp_adaptive_desc* desc, itp_batch* batch, itp_sampler** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_outputs(itp_sampler* sampler, UIntPtr count, double* times, void* states);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_state_at(itp_sampler* sampler, UIntPtr sample, double t, void* @out);

        /// <summary>How a sample of the run is doing, sample &lt; the run's count, also after the run.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_adaptive_get_statistics(itp_sampler* sampler, UIntPtr sample, itp_adaptive_statistics* @out);

        /// <summary>Makes a covariance of its numbers, the caller's to give back with itp_covariance_free.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_new(itp_covariance_desc* desc, itp_covariance** @out);

        /// <summary>Gives it back. NULL is allowed. Plans hold their covariance: free it whenever you like, on any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_covariance_free(itp_covariance* covariance);

        /// <summary>Makes a covariance from samples, as itp_covariance_new does from numbers. "basis" takes about dim^2 (count + 5 dim) operations and 24 dim^2 bytes while it runs.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_estimate(itp_covariance_estimation* estimation, itp_covariance** @out);

        /// <summary>The numbers of a covariance. Writes at most out-&gt;size bytes; the arrays belong to the covariance. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out-&gt;size is none. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_get_info(itp_covariance* covariance, itp_covariance_info* @out);

        /// <summary>Makes a plan for each band, the caller's to give back with itp_covariance_plan_free. *out is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_new(itp_covariance_plan_desc* desc, itp_covariance_plan** @out);

        /// <summary>Gives it back. NULL is allowed. Samplers hold their plan: free it whenever you like, on any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_covariance_plan_free(itp_covariance_plan* plan);

        /// <summary>How many rows and bands there are. Writes at most out-&gt;size bytes. ITP_E_ARGUMENT: a NULL pointer; ITP_E_SIZE: out-&gt;size is none. Any thread.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_get_info(itp_covariance_plan* plan, itp_covariance_plan_info* @out);

        /// <summary>Band i, 0 &lt;= i &lt; itp_covariance_plan_info.bands, else ITP_E_RANGE. Writes at most out-&gt;size bytes; what its pointers point to belongs to the plan.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_covariance_plan_get_band(itp_covariance_plan* plan, int i, itp_covariance_band* @out);

        /// <summary>Creates a sampler of a covariance plan, as itp_sampler_new does of a plan; all that samplers have it has too.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_sampler_new_covariance(itp_covariance_plan* plan, itp_batch* batch, itp_sampler** @out);

        /// <summary>Fits `plan`, which stays as it is; *better is the new one, to be freed by the caller, NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_fit(itp_plan* plan, itp_fit_desc* desc, IntPtr network, void* user, itp_plan** better);

        /// <summary>Checks everything, asks for the memory, and goes as far as is possible without the network.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_new(itp_plan* plan, itp_fit_desc* desc, itp_fit** @out);

        /// <summary>Gives a fit back, at any moment, also in the middle. NULL is allowed.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_fit_free(itp_fit* fit);

        /// <summary>ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that it belongs to.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_next(itp_fit* fit, itp_request* request);

        /// <summary>The outputs asked for are there: does all that can be done with them.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_submit(itp_fit* fit);

        /// <summary>How far the fit is. Writes at most report-&gt;size bytes. ITP_E_SIZE: report-&gt;size is none; ITP_E_ARGUMENT: a NULL pointer.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_get_report(itp_fit* fit, itp_fit_report* report);

        /// <summary>Makes the best plan so far, to be freed by the caller, as often as wanted, and also of a fit that has failed. *better is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_fit_plan(itp_fit* fit, itp_plan** better);

        /// <summary>Classifier-free guidance (2207.12598): out[i] = uncond[i] + scale (cond[i] - uncond[i]), i &lt; count.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide(int type, void* cond, void* uncond, double scale, void* @out, UIntPtr count);

        /// <summary>Autoguidance (2406.02507): the same combination, out = weak + scale (strong - weak), of a network and a weaker one (smaller, or trained less) under the same condition.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_autoguide(int type, void* strong, void* weak, double scale, void* @out, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern double itp_guidance_at(double scale, double low, double high, double u);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guidance_cfgpp(double lambda, double u, double u_next, double* scale);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide_rescaled(int type, void* cond, void* uncond, double scale, double phi, void* @out, UIntPtr count, UIntPtr dim);

        /// <summary>That for count samples of dim elements; `average` is written. ITP_E_ARGUMENT is also a NULL apg, and momentum without an average; ITP_E_SIZE, ITP_E_NEWER, ITP_E_OLDER: the size of *apg.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_guide_apg(itp_apg* apg, int type, void* cond, void* uncond, void* @out, UIntPtr count, UIntPtr dim);

        /// <summary>Static thresholding: data[i] is brought into [low, high], low &lt;= high; NaN stays.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_threshold_static(int type, void* data, double low, double high, UIntPtr count);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_threshold_dynamic(int type, void* data, double quantile, double most, UIntPtr count, UIntPtr dim);

        /// <summary>The i-th of a kind, i = 0, 1, ..., the default first.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_kind_at(byte* kind, int i, itp_entry* @out);

        /// <summary>The one of a kind that has this name, ours or another program's.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_kind_find(byte* kind, byte* name, itp_entry* @out);

        /// <summary>Makes a path, the caller's to give back with itp_path_free; it never changes. *out is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_path_new(itp_path_desc* desc, itp_path** @out);

        /// <summary>Gives it back; the states are the caller's. NULL is allowed. No thread may be in itp_path_at then.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_path_free(itp_path* path);

        /// <summary>The states at the time t of `schedule` (NULL: linear), in its coordinates, into out [count][dim] of the path's type: a recorded state times c (also where t is rounded), or between two of them.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_path_at(itp_path* path, itp_schedule* schedule, double t, void* @out);

        /// <summary>Writes the plan with its final 0; *needed, where not NULL, gets the bytes of that. `text` may be NULL when capacity is 0, which only asks for the size.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_to_json(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        /// <summary>Makes the plan that `length` bytes of text say (without a final 0; none is looked for). *out is NULL on failure, and the sentence names the place.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_from_json(byte* text, UIntPtr length, itp_env* env, itp_plan** @out);

        /// <summary>Checks everything, makes the candidates, which takes a second or two where there are thousands, and goes as far as is possible without the network.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_new(itp_search_desc* desc, itp_search** @out);

        /// <summary>Gives a search back, at any moment. NULL is allowed.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern void itp_search_free(itp_search* search);

        /// <summary>ITP_EVALUATE: *request says what to evaluate, as a sampler's does (sampler.h); row and rows are those of the run that it belongs to.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_next(itp_search* search, itp_request* request);

        /// <summary>The outputs asked for are there: does all that can be done with them.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_submit(itp_search* search);

        /// <summary>A whole search: itp_search_new, and a loop until it is over; *out is then what it has found, the caller's to give back with itp_search_free, and NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_run(itp_search_desc* desc, IntPtr network, void* user, itp_search** @out);

        /// <summary>How far the search is. Writes at most report-&gt;size bytes. ITP_E_SIZE: report-&gt;size is none; ITP_E_ARGUMENT: a NULL pointer.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_get_report(itp_search* search, itp_search_report* report);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_get_entry(itp_search* search, int evaluations, int rank, itp_search_entry* entry);

        /// <summary>Makes that candidate's plan, to be freed by the caller; *plan is NULL on failure. ITP_E_RANGE as above; the entry's status, where it has one; ITP_E_ARGUMENT; ITP_E_MEMORY.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_plan(itp_search* search, int evaluations, int rank, itp_plan** plan);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_print(itp_search* search, int places, byte* text, UIntPtr capacity, UIntPtr* needed);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_search_to_json(itp_search* search, int places, byte* text, UIntPtr capacity, UIntPtr* needed);

        /// <summary>The plan that a text describes, the caller's to give back with itp_plan_free; *out is NULL on failure, and `why` (may be NULL) has the sentence.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_parse(byte* text, itp_error* why, itp_plan** @out);

        /// <summary>The same with the program's memory, log and error; env NULL: malloc, silent.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_parse_with(byte* text, itp_env* env, itp_plan** @out);

        /// <summary>A schedule, "lazy(k=1)", the caller's to give back with itp_schedule_free; *out is NULL on failure.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_parse(byte* text, itp_error* why, itp_schedule** @out);

        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_solver_parse(byte* text, itp_error* why, itp_solver* @out);

        /// <summary>The same of a grid, "karras(rho=3)".</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_grid_parse(byte* text, itp_error* why, itp_grid* @out);

        /// <summary>The same of a diffusion, "sine(norm=2)".</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_diffusion_parse(byte* text, itp_error* why, itp_diffusion* @out);

        /// <summary>The text of a plan: at most `capacity` bytes with the final 0, cut to fit, into `text` (NULL where capacity is 0); *needed, where not NULL, gets the bytes of all of it with the final 0.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_plan_print(itp_plan* plan, byte* text, UIntPtr capacity, UIntPtr* needed);

        /// <summary>The text of a schedule, in the same way. ITP_E_UNSUPPORTED, with its sentence in `text`: it has callbacks of the program's, or is that of a name that nothing has.</summary>
        [DllImport(Library, CallingConvention = CallingConvention.Cdecl)]
        public static extern int itp_schedule_print(itp_schedule* schedule, byte* text, UIntPtr capacity, UIntPtr* needed);
    }
}
