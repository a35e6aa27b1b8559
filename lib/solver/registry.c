/* The solvers that there are. */
#include <string.h>

#include "solver/exponential.h"

static const itp_exponential DATA_HEUN = {.predicts = ITP_PREDICT_DATA, .heun = 1};
static const itp_exponential DATA_HEUN_SIGMA = {.predicts = ITP_PREDICT_DATA, .sigma = 1, .heun = 1};
static const itp_exponential NOISE_HEUN = {.predicts = ITP_PREDICT_NOISE, .heun = 1};
static const itp_exponential VELOCITY_SIGMA = {.predicts = ITP_PREDICT_VELOCITY, .sigma = 1};

/* UniPC's two B(h). */
static const itp_exponential BH1 = {.predicts = ITP_PREDICT_DATA, .bh = 1};
static const itp_exponential BH2 = {.predicts = ITP_PREDICT_DATA, .bh = 2};
static const itp_exponential BH1_SIGMA = {.predicts = ITP_PREDICT_DATA, .sigma = 1, .bh = 1};
static const itp_exponential BH2_SIGMA = {.predicts = ITP_PREDICT_DATA, .sigma = 1, .bh = 2};
static const itp_exponential NOISE_BH1 = {.predicts = ITP_PREDICT_NOISE, .bh = 1};
static const itp_exponential NOISE_BH2 = {.predicts = ITP_PREDICT_NOISE, .bh = 2};

/* Of blocks that are steps of DPM-Solver-3. */
static const itp_exponential DATA_NODES = {.predicts = ITP_PREDICT_DATA, .heun = 2};
static const itp_exponential NOISE_NODES = {.predicts = ITP_PREDICT_NOISE, .heun = 2};

static const itp_etd DATA_THIRDS = {.method.predicts = ITP_PREDICT_DATA, .c2 = 1. / 3, .c3 = 2. / 3};
static const itp_etd NOISE_THIRDS = {.method.predicts = ITP_PREDICT_NOISE, .c2 = 1. / 3, .c3 = 2. / 3};
static const itp_etd RES_2S = {.method.predicts = ITP_PREDICT_DATA, .c2 = .5, .c3 = 1};
static const itp_etd RES_3S = {.method.predicts = ITP_PREDICT_DATA, .c2 = .5, .c3 = 1, .gamma = 4};

static const itp_tableau NO_TABLEAU = ITP_TABLEAU_INIT;

/* What solvers read, by family. */
enum {
    NOTHING = 0,
    FINAL = ITP_READS_FINAL,
    ENDS = ITP_READS_ENDS,
    WITH_K = ITP_READS_K | ITP_READS_NOISE,
    WITH_OWN = ITP_READS_NOISE | ITP_READS_S_NOISE,
    WITH_ETA = WITH_OWN | ITP_READS_ETA,
    WITH_GAMMA = WITH_OWN | ITP_READS_GAMMA | ITP_READS_BOUNDS,
    WITH_CHURN = WITH_GAMMA | ITP_READS_CHURN
};

/* A row is its words, then fields of itp_method by their names; these are the parts that several rows share. */
#define READS(what) .named.reads = (what)
/* The order, and what a method reads beside final_order: a last step of order 1 can be of no lower one. */
#define ORDER(number, what) .order = (number), READS((what) | ((number) > 1 ? FINAL : NOTHING))
#define FAMILY(name) .key.family = ITP_##name
#define FORM(name) .key.form = ITP_FORM_##name
#define VARIABLE(name) .key.variable = ITP_VARIABLE_##name
#define WEIGHTS(name) .key.weights = ITP_WEIGHTS_##name
#define CORRECTOR(name) .key.corrector = ITP_CORRECTOR_##name
#define IN(name) VARIABLE(name), .exponential = ITP_IN_##name
#define ROW(words, ...) \
    { \
        .named.name = words, __VA_ARGS__ \
    }
/* With each: order, evaluations, data (the tableau). */
#define RK(words, ...) ROW(words, FAMILY(RUNGE_KUTTA), .step = itp_rk_step, .stages = itp_rk_stages, __VA_ARGS__)
#define SDE(words, ...) \
    ROW(words, FAMILY(SDE_RUNGE_KUTTA), .stochastic = ITP_TAKES_K, .step = itp_sde_step, .stages = itp_sde_stages, \
        __VA_ARGS__)
/* With each: order, step. */
#define AB(words, ...) ROW(words, FAMILY(ADAMS_BASHFORTH), .evaluations = 1, __VA_ARGS__)
#define SDE_AB(words, ...) \
    ROW(words, FAMILY(SDE_ADAMS_BASHFORTH), .stochastic = ITP_TAKES_K, .evaluations = 1, \
        .step = itp_stochastic_ab_step, READS(WITH_K), __VA_ARGS__)
#define PSEUDO(words) \
    ROW(words, FAMILY(PNDM), FORM(NOISE), IN(LAMBDA), .order = 4, .evaluations = 4, .dear = 3, .step = itp_pndm_step, \
        .stages = itp_pndm_stages, .data = &itp_by_noise)
#define SA(words, ...) \
    ROW(words, FAMILY(SA), FORM(DATA), IN(LAMBDA), .stochastic = ITP_TAKES_K, .evaluations = 1, __VA_ARGS__)
/* With each: family, order, evaluations, step, exponential. */
#define OWN(words, ...) ROW(words, .stochastic = ITP_OWN_NOISE, __VA_ARGS__)
/* With each: data (an itp_exponential), the form that it predicts, the variable. */
#define ANCESTRAL_2S(words, ...) \
    OWN(words, FAMILY(ANCESTRAL), .order = 2, .evaluations = 2, .eta = 100, .step = itp_2s_ancestral_step, \
        .single = itp_euler_ancestral_step, .stages = itp_2s_ancestral_stages, READS(WITH_ETA), __VA_ARGS__)
/* The same, and the order. */
#define NOISY(words, ...) \
    OWN(words, FAMILY(SDE_MULTISTEP), .evaluations = 1, .eta = 100, .step = itp_sde_dpm_step, __VA_ARGS__)
#define MULTISTEP(words, ...) ROW(words, FAMILY(EXPONENTIAL_MULTISTEP), .evaluations = 1, __VA_ARGS__)
#define SINGLESTEP(words, ...) \
    ROW(words, FAMILY(EXPONENTIAL_SINGLESTEP), .single = itp_along_velocity, .stages = itp_exponential_stages, \
        READS(FINAL), __VA_ARGS__)
#define BLOCKS(words, ...) \
    ROW(words, FAMILY(EXPONENTIAL_BLOCKS), IN(LAMBDA), .evaluations = 1, .step = itp_block_step, READS(FINAL), \
        __VA_ARGS__)

/* The first row that fits is what a choice of 0 means: DPM-Solver++ before all that differs from it. */
static const itp_method SOLVERS[] = {
    RK(ITP_WORDS("euler", "", "Euler's method"), .order = 1, .evaluations = 1, .data = &itp_tableau_euler),
    RK(ITP_WORDS("midpoint", "", "the midpoint rule"), .order = 2, .evaluations = 2, .data = &itp_tableau_midpoint,
       WEIGHTS(MIDPOINT)),
    RK(ITP_WORDS("heun", "heun2", "Heun's method"), .order = 2, .evaluations = 2, .data = &itp_tableau_heun,
       WEIGHTS(HEUN), READS(ENDS)),
    RK(ITP_WORDS("ralston", "", "Ralston's method"), .order = 2, .evaluations = 2, .data = &itp_tableau_ralston,
       WEIGHTS(RALSTON)),
    RK(ITP_WORDS("heun3", "", "Heun's, order 3"), .order = 3, .evaluations = 3, .data = &itp_tableau_heun3,
       WEIGHTS(HEUN)),
    RK(ITP_WORDS("bosh3", "bogacki-shampine", "Bogacki-Shampine"), .order = 3, .evaluations = 3,
       .data = &itp_tableau_bosh3, WEIGHTS(BOGACKI_SHAMPINE)),
    RK(ITP_WORDS("rk4", "", "Runge and Kutta's"), .order = 4, .evaluations = 4, .data = &itp_tableau_rk4,
       WEIGHTS(CLASSIC), READS(ENDS)),
    RK(ITP_WORDS("rk38", "", "the 3/8 rule"), .order = 4, .evaluations = 4, .data = &itp_tableau_rk38,
       WEIGHTS(THREE_EIGHTHS), READS(ENDS)),
    RK(ITP_WORDS("tsit5", "", "Tsitouras"), .order = 5, .evaluations = 6, .data = &itp_tableau_tsit5,
       WEIGHTS(TSITOURAS), READS(ENDS)),
    RK(ITP_WORDS("dopri5", "", "Dormand-Prince"), .order = 5, .evaluations = 6, .data = &itp_tableau_dopri5,
       WEIGHTS(DORMAND_PRINCE), READS(ENDS)),
    AB(ITP_WORDS("ab2", "", "Adams-Bashforth"), .order = 2, .step = itp_ab_step),
    AB(ITP_WORDS("ab3", "", "Adams-Bashforth"), .order = 3, .step = itp_ab_step),
    AB(ITP_WORDS("ab4", "lms", "Adams-Bashforth"), .order = 4, .step = itp_ab_step),
    AB(ITP_WORDS("ipndm-1", "", "Adams-Bashforth, equal steps"), .order = 1, .step = itp_ipndm_step, WEIGHTS(EQUAL)),
    AB(ITP_WORDS("ipndm-2", "", "Adams-Bashforth, equal steps"), .order = 2, .step = itp_ipndm_step, WEIGHTS(EQUAL)),
    AB(ITP_WORDS("ipndm-3", "", "Adams-Bashforth, equal steps"), .order = 3, .step = itp_ipndm_step, WEIGHTS(EQUAL)),
    AB(ITP_WORDS("ipndm-4", "ipndm", "Adams-Bashforth, equal steps"), .order = 4, .step = itp_ipndm_step,
       WEIGHTS(EQUAL)),
    AB(ITP_WORDS("euler-ge", "gradient-estimation", "gradient estimation"), .order = 1, .step = itp_gradient_step,
       WEIGHTS(GRADIENT), READS(ITP_READS_GAMMA)),
    PSEUDO(ITP_WORDS("pndm", "plms", "F-PNDM, or PLMS")),
    SDE(ITP_WORDS("euler-maruyama", "em,eulermaruyama", "Euler-Maruyama"), .order = 1, .evaluations = 1,
        .data = &itp_sde_euler, READS(WITH_K)),
    SDE(ITP_WORDS("stochastic-heun", "", "noise, then Heun's step"), .order = 2, .evaluations = 2,
        .data = &itp_sde_heun, WEIGHTS(HEUN), READS(WITH_K | ENDS)),
    SDE(ITP_WORDS("sea", "", "shifted Euler"), .order = 1, .evaluations = 1, .data = &itp_sde_sea, WEIGHTS(SEA),
        READS(WITH_K)),
    SDE(ITP_WORDS("shark", "", "shifted Runge-Kutta"), .order = 2, .evaluations = 2, .data = &itp_sde_shark,
        WEIGHTS(SHARK), READS(WITH_K)),
    SDE(ITP_WORDS("sra1", "", "Roessler's"), .order = 2, .evaluations = 2, .data = &itp_sde_sra1, WEIGHTS(SRA1),
        READS(WITH_K)),
    SDE_AB(ITP_WORDS("stochastic-ab2", "", "Adams-Bashforth"), .order = 2),
    SDE_AB(ITP_WORDS("stochastic-ab3", "", "Adams-Bashforth"), .order = 3),
    SA(ITP_WORDS("exponential-sde", "", "exact for a frozen prediction"), ORDER(1, WITH_K), .step = itp_sa_step),
    SA(ITP_WORDS("sa-2", "", "SA-Solver"), ORDER(2, WITH_K), .step = itp_sa_step),
    SA(ITP_WORDS("sa-3", "", "SA-Solver"), ORDER(3, WITH_K), .step = itp_sa_step),
    SA(ITP_WORDS("sa-1-1", "", "SA-Solver, corrected"), ORDER(1, WITH_K), .step = itp_sa_corrected_step,
       CORRECTOR(END)),
    SA(ITP_WORDS("sa-2-2", "", "SA-Solver, corrected"), ORDER(2, WITH_K), .step = itp_sa_corrected_step,
       CORRECTOR(END)),
    SA(ITP_WORDS("sa-3-3", "", "SA-Solver, corrected"), ORDER(3, WITH_K), .step = itp_sa_corrected_step,
       CORRECTOR(END)),
    OWN(ITP_WORDS("euler-ancestral", "euler-a,k-euler-a", "Euler, then noise"), FAMILY(ANCESTRAL), .order = 1,
        .evaluations = 1, .step = itp_euler_ancestral_step, .exponential = ITP_IN_LAMBDA, .eta = 100, READS(WITH_ETA)),
    ANCESTRAL_2S(ITP_WORDS("dpmpp-2s-ancestral", "dpmpp-2s-a,dpmpp2s-a", "dpmpp-2s, then noise"), .data = &itp_by_data,
                 .exponential = ITP_IN_LAMBDA, FORM(DATA)),
    ANCESTRAL_2S(ITP_WORDS_FLOW("dpm-2-ancestral", "dpm2-a,k-dpm-2-a", "dpm-2s, then noise", "dpm-2-ancestral-sigma"),
                 .data = &itp_by_noise, .exponential = ITP_IN_LAMBDA, FORM(NOISE)),
    ANCESTRAL_2S(ITP_WORDS_FLOW("res-2s-ancestral", "", "RES with noise", "res-2s-ancestral-sigma"), .data = &DATA_HEUN,
                 FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT)),
    ANCESTRAL_2S(ITP_WORDS("res-2s-ancestral-sigma", "", "RES with noise"), .data = &DATA_HEUN_SIGMA, FORM(DATA),
                 IN(SIGMA), WEIGHTS(EXACT)),
    ANCESTRAL_2S(ITP_WORDS("dpm-2-ancestral-sigma", "", "DPM-Solver, in sigma"), .data = &VELOCITY_SIGMA,
                 FORM(VELOCITY), IN(SIGMA)),
    OWN(ITP_WORDS_FLOW("res-2m-ancestral", "res-multistep-ancestral", "RES with noise", "res-2m-ancestral-sigma"),
        FAMILY(ANCESTRAL_MULTISTEP), .order = 2, .evaluations = 1, .step = itp_res_ancestral_step, .data = &DATA_HEUN,
        FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT), .eta = 100, READS(WITH_ETA | FINAL)),
    OWN(ITP_WORDS("res-2m-ancestral-sigma", "", "RES with noise"), FAMILY(ANCESTRAL_MULTISTEP), .order = 2,
        .evaluations = 1, .step = itp_res_ancestral_step, .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA),
        WEIGHTS(EXACT), .eta = 100, READS(WITH_ETA | FINAL)),
    OWN(ITP_WORDS("lcm", "", "latent consistency"), FAMILY(LCM), .order = 1, .evaluations = 1, .step = itp_lcm_step,
        .exponential = ITP_IN_LAMBDA, READS(WITH_OWN)),
    OWN(ITP_WORDS("tcd", "", "trajectory consistency"), FAMILY(TCD), .order = 1, .evaluations = 1, .step = itp_tcd_step,
        .exponential = ITP_IN_LAMBDA, .eta = 30, READS(WITH_ETA)),
    OWN(ITP_WORDS("er-sde-1", "", "ER-SDE-Solver"), FAMILY(ER_SDE), ORDER(1, WITH_OWN), .evaluations = 1,
        .step = itp_er_sde_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA)),
    OWN(ITP_WORDS("er-sde-2", "", "ER-SDE-Solver"), FAMILY(ER_SDE), ORDER(2, WITH_OWN), .evaluations = 1,
        .step = itp_er_sde_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA)),
    OWN(ITP_WORDS("er-sde-3", "er-sde", "ER-SDE-Solver"), FAMILY(ER_SDE), ORDER(3, WITH_OWN), .evaluations = 1,
        .step = itp_er_sde_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA)),
    OWN(ITP_WORDS("ddpm", "", "the posterior; DDIM's eta"), FAMILY(DDPM_POSTERIOR), .order = 1, .evaluations = 1,
        .step = itp_ddpm_step, .exponential = ITP_IN_LAMBDA, .eta = 100, READS(WITH_ETA)),
    OWN(ITP_WORDS("dpmpp-sde", "dpmpp-sde-gpu", "DPM-Solver++ (SDE)"), FAMILY(MIDPOINT_SDE), .order = 2,
        .evaluations = 2, .step = itp_dpmpp_sde_step, .single = itp_ddpm_step, .stages = itp_exponential_stages,
        .data = &itp_by_data, FORM(DATA), IN(LAMBDA), .eta = 100, READS(WITH_ETA)),
    OWN(ITP_WORDS("edm-heun", "", "EDM's churn"), FAMILY(CHURN), .order = 2, .evaluations = 2,
        .step = itp_edm_heun_step, .single = itp_edm_euler_step, .stages = itp_exponential_stages,
        .data = &itp_by_data_in_sigma, .exponential = ITP_IN_LAMBDA, WEIGHTS(HEUN), READS(WITH_CHURN)),
    OWN(ITP_WORDS("edm-euler", "", "EDM's churn"), FAMILY(CHURN), .order = 1, .evaluations = 1,
        .step = itp_edm_euler_step, .exponential = ITP_IN_LAMBDA, READS(WITH_CHURN)),
    OWN(ITP_WORDS("alphafold-3", "alphafold3,af3", "EDM's churn, longer steps"), FAMILY(CHURN), .order = 1,
        .evaluations = 1, .step = itp_edm_euler_step, .exponential = ITP_IN_LAMBDA, WEIGHTS(SCALED),
        .preset = ITP_PRESET_ALPHAFOLD_3, READS(WITH_GAMMA | ITP_READS_SCALE)),
    OWN(ITP_WORDS("edm-dpmpp-2s", "", "EDM's churn"), FAMILY(CHURN), .order = 2, .evaluations = 2,
        .step = itp_edm_2s_step, .single = itp_edm_euler_step, .stages = itp_exponential_stages, .data = &itp_by_data,
        FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT), READS(WITH_CHURN)),
    OWN(ITP_WORDS("edm-dpm-2s", "", "EDM's churn"), FAMILY(CHURN), .order = 2, .evaluations = 2,
        .step = itp_edm_2s_step, .single = itp_edm_euler_step, .stages = itp_exponential_stages, .data = &itp_by_noise,
        FORM(NOISE), IN(LAMBDA), WEIGHTS(MIDPOINT), READS(WITH_CHURN)),
    OWN(ITP_WORDS("langevin", "", "a Langevin corrector"), FAMILY(LANGEVIN), .order = 1, .evaluations = 2,
        .step = itp_langevin_step, .exponential = ITP_IN_LAMBDA, .eta = 100, READS(WITH_ETA | ITP_READS_SNR)),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-1", "", "SDE-DPM-Solver++", "sde-dpmpp-1-sigma"), ORDER(1, WITH_ETA),
          .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-2m", "dpmpp-2m-sde,dpmpp-2m-sde-gpu,dpmpp2m-sde", "SDE-DPM-Solver++",
                         "sde-dpmpp-2m-sigma"),
          ORDER(2, WITH_ETA), .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-2m-heun", "dpmpp-2m-sde-heun,dpmpp-2m-sde-heun-gpu", "SDE-DPM-Solver++, heun",
                         "sde-dpmpp-2m-heun-sigma"),
          ORDER(2, WITH_ETA), .data = &DATA_HEUN, FORM(DATA), IN(LAMBDA), WEIGHTS(HEUN)),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-3m", "", "SDE-DPM-Solver++", "sde-dpmpp-3m-sigma"), ORDER(3, WITH_ETA),
          .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-3m-heun", "dpmpp-3m-sde,dpmpp-3m-sde-gpu", "SDE-DPM-Solver++, heun",
                         "sde-dpmpp-3m-heun-sigma"),
          ORDER(3, WITH_ETA), .data = &DATA_HEUN, FORM(DATA), IN(LAMBDA), WEIGHTS(HEUN)),
    NOISY(ITP_WORDS("sde-dpmpp-1-sigma", "", "SDE-DPM-Solver++, in sigma"), ORDER(1, WITH_ETA),
          .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS("sde-dpmpp-2m-sigma", "", "SDE-DPM-Solver++, in sigma"), ORDER(2, WITH_ETA),
          .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS("sde-dpmpp-2m-heun-sigma", "", "SDE-DPM-Solver++, heun, in sigma"), ORDER(2, WITH_ETA),
          .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(HEUN)),
    NOISY(ITP_WORDS("sde-dpmpp-3m-sigma", "", "SDE-DPM-Solver++, in sigma"), ORDER(3, WITH_ETA),
          .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS("sde-dpmpp-3m-heun-sigma", "", "SDE-DPM-Solver++, heun, in sigma"), ORDER(3, WITH_ETA),
          .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(HEUN)),
    NOISY(ITP_WORDS("sde-dpm-1", "", "SDE-DPM-Solver"), ORDER(1, WITH_ETA), .data = &itp_by_noise, FORM(NOISE),
          IN(LAMBDA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS("sde-dpm-2m", "", "SDE-DPM-Solver"), ORDER(2, WITH_ETA), .data = &itp_by_noise, FORM(NOISE),
          IN(LAMBDA), WEIGHTS(MIDPOINT)),
    NOISY(ITP_WORDS("sde-dpm-2m-heun", "", "SDE-DPM-Solver, heun"), ORDER(2, WITH_ETA), .data = &NOISE_HEUN,
          FORM(NOISE), IN(LAMBDA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS("ddim", "dpm-solver-1,dpmpp-1", "DDIM"), ORDER(1, NOTHING), .step = itp_dpm_step,
              .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m", "dpmpp2m", "DPM-Solver++", "dpmpp-2m-sigma"), ORDER(2, NOTHING),
              .step = itp_dpm_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-3m", "", "DPM-Solver++", "dpmpp-3m-sigma"), ORDER(3, NOTHING), .step = itp_dpm_step,
              .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m-heun", "", "DPM-Solver++, heun", "dpmpp-2m-heun-sigma"), ORDER(2, NOTHING),
              .step = itp_dpm_step, .data = &DATA_HEUN, FORM(DATA), IN(LAMBDA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-3m-heun", "", "DPM-Solver++, heun", "dpmpp-3m-heun-sigma"), ORDER(3, NOTHING),
              .step = itp_dpm_step, .data = &DATA_HEUN, FORM(DATA), IN(LAMBDA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS_FLOW("res-2m", "res-multistep", "RES", "dpmpp-2m-heun-sigma"), ORDER(2, NOTHING),
              .step = itp_deis_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT)),
    MULTISTEP(ITP_WORDS("res-3m", "", "RES"), ORDER(3, NOTHING), .step = itp_deis_step, .data = &itp_by_data,
              FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT)),
    MULTISTEP(ITP_WORDS("dpm-2m", "", "DPM-Solver"), ORDER(2, NOTHING), .step = itp_dpm_step, .data = &itp_by_noise,
              FORM(NOISE), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS("dpm-3m", "", "DPM-Solver"), ORDER(3, NOTHING), .step = itp_dpm_step, .data = &itp_by_noise,
              FORM(NOISE), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS("dpm-2m-heun", "", "DPM-Solver, heun"), ORDER(2, NOTHING), .step = itp_dpm_step,
              .data = &NOISE_HEUN, FORM(NOISE), IN(LAMBDA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS("dpm-3m-heun", "", "DPM-Solver, heun"), ORDER(3, NOTHING), .step = itp_dpm_step,
              .data = &NOISE_HEUN, FORM(NOISE), IN(LAMBDA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS("deis-2", "", "DEIS"), ORDER(2, NOTHING), .step = itp_deis_step, .data = &itp_by_noise,
              FORM(NOISE), IN(LAMBDA), WEIGHTS(EXACT)),
    MULTISTEP(ITP_WORDS("deis-3", "", "DEIS"), ORDER(3, NOTHING), .step = itp_deis_step, .data = &itp_by_noise,
              FORM(NOISE), IN(LAMBDA), WEIGHTS(EXACT)),
    MULTISTEP(ITP_WORDS("dpmpp-2m-sigma", "", "DPM-Solver++, in sigma"), ORDER(2, NOTHING), .step = itp_dpm_step,
              .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS("dpmpp-3m-sigma", "", "DPM-Solver++, in sigma"), ORDER(3, NOTHING), .step = itp_dpm_step,
              .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    MULTISTEP(ITP_WORDS("dpmpp-2m-heun-sigma", "", "DPM-Solver++, heun, in sigma"), ORDER(2, NOTHING),
              .step = itp_dpm_step, .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS("dpmpp-3m-heun-sigma", "", "DPM-Solver++, heun, in sigma"), ORDER(3, NOTHING),
              .step = itp_dpm_step, .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(HEUN)),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m-v2", "dpmpp2mv2", "DPM-Solver++", "dpmpp-2m-v2-sigma"), .order = 1, READS(FINAL),
              .step = itp_2m_v2_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MEAN)),
    MULTISTEP(ITP_WORDS("dpmpp-2m-v2-sigma", "", "DPM-Solver++, in sigma"), .order = 1, READS(FINAL),
              .step = itp_2m_v2_step, .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MEAN)),
    MULTISTEP(ITP_WORDS("unipc-bh2-1", "", "UniPC"), ORDER(1, NOTHING), .step = itp_unipc_step, .data = &BH2,
              FORM(DATA), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh2-2", "", "UniPC", "unipc-bh2-2-sigma"), ORDER(2, NOTHING),
              .step = itp_unipc_step, .data = &BH2, FORM(DATA), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh2-3", "uni-pc-bh2", "UniPC", "unipc-bh2-3-sigma"), ORDER(3, NOTHING),
              .step = itp_unipc_step, .data = &BH2, FORM(DATA), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-1", "", "UniPC, noise form"), ORDER(1, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH2, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-2", "", "UniPC, noise form"), ORDER(2, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH2, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-3", "", "UniPC, noise form"), ORDER(3, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH2, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-bh2-2-sigma", "", "UniPC, in sigma"), ORDER(2, NOTHING), .step = itp_unipc_step,
              .data = &BH2_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-bh2-3-sigma", "", "UniPC, in sigma"), ORDER(3, NOTHING), .step = itp_unipc_step,
              .data = &BH2_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(BH2), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-bh1-1", "", "UniPC"), ORDER(1, NOTHING), .step = itp_unipc_step, .data = &BH1,
              FORM(DATA), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh1-2", "", "UniPC", "unipc-bh1-2-sigma"), ORDER(2, NOTHING),
              .step = itp_unipc_step, .data = &BH1, FORM(DATA), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh1-3", "uni-pc,unipc", "UniPC", "unipc-bh1-3-sigma"), ORDER(3, NOTHING),
              .step = itp_unipc_step, .data = &BH1, FORM(DATA), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-vary-1", "", "UniPC"), ORDER(1, NOTHING), .step = itp_unipc_step, .data = &itp_by_data,
              FORM(DATA), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-vary-2", "", "UniPC"), ORDER(2, NOTHING), .step = itp_unipc_step, .data = &itp_by_data,
              FORM(DATA), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-vary-3", "", "UniPC"), ORDER(3, NOTHING), .step = itp_unipc_step, .data = &itp_by_data,
              FORM(DATA), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-1", "", "UniPC, noise form"), ORDER(1, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH1, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-2", "", "UniPC, noise form"), ORDER(2, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH1, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-3", "", "UniPC, noise form"), ORDER(3, NOTHING), .step = itp_unipc_step,
              .data = &NOISE_BH1, FORM(NOISE), IN(LAMBDA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-1", "", "UniPC, noise form"), ORDER(1, NOTHING), .step = itp_unipc_step,
              .data = &itp_by_noise, FORM(NOISE), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-2", "", "UniPC, noise form"), ORDER(2, NOTHING), .step = itp_unipc_step,
              .data = &itp_by_noise, FORM(NOISE), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-3", "", "UniPC, noise form"), ORDER(3, NOTHING), .step = itp_unipc_step,
              .data = &itp_by_noise, FORM(NOISE), IN(LAMBDA), WEIGHTS(VARY), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-bh1-2-sigma", "", "UniPC, in sigma"), ORDER(2, NOTHING), .step = itp_unipc_step,
              .data = &BH1_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(BH1), CORRECTOR(END)),
    MULTISTEP(ITP_WORDS("unipc-bh1-3-sigma", "", "UniPC, in sigma"), ORDER(3, NOTHING), .step = itp_unipc_step,
              .data = &BH1_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(BH1), CORRECTOR(END)),
    SINGLESTEP(ITP_WORDS_FLOW("dpmpp-2s", "", "DPM-Solver++", "dpmpp-2s-sigma"), .order = 2, .evaluations = 2,
               .step = itp_2s_step, .data = &itp_by_data, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    SINGLESTEP(ITP_WORDS("dpmpp-3s", "", "DPM-Solver++"), .order = 3, .evaluations = 3, .step = itp_etd_step,
               .data = &DATA_THIRDS, FORM(DATA), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    SINGLESTEP(ITP_WORDS_FLOW("res-2s", "", "RES", "res-2s-sigma"), .order = 2, .evaluations = 2, .step = itp_etd_step,
               .data = &RES_2S, FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT)),
    SINGLESTEP(ITP_WORDS("res-3s", "", "RES"), .order = 3, .evaluations = 3, .step = itp_etd_step, .data = &RES_3S,
               FORM(DATA), IN(LAMBDA), WEIGHTS(EXACT)),
    SINGLESTEP(ITP_WORDS_FLOW("dpm-2s", "dpm2,dpm-2", "DPM-Solver", "dpm-2s-sigma"), .order = 2, .evaluations = 2,
               .step = itp_2s_step, .data = &itp_by_noise, FORM(NOISE), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    SINGLESTEP(ITP_WORDS("dpm-3s", "dpm-fast", "DPM-Solver"), .order = 3, .evaluations = 3, .step = itp_etd_step,
               .data = &NOISE_THIRDS, FORM(NOISE), IN(LAMBDA), WEIGHTS(MIDPOINT)),
    SINGLESTEP(ITP_WORDS("dpmpp-2s-sigma", "", "DPM-Solver++, in sigma"), .order = 2, .evaluations = 2,
               .step = itp_2s_step, .data = &itp_by_data_in_sigma, FORM(DATA), IN(SIGMA), WEIGHTS(MIDPOINT)),
    SINGLESTEP(ITP_WORDS("res-2s-sigma", "", "RES, in sigma"), .order = 2, .evaluations = 2, .step = itp_2s_step,
               .data = &DATA_HEUN_SIGMA, FORM(DATA), IN(SIGMA), WEIGHTS(EXACT)),
    SINGLESTEP(ITP_WORDS("dpm-2s-sigma", "", "DPM-Solver, in sigma"), .order = 2, .evaluations = 2, .step = itp_2s_step,
               .data = &VELOCITY_SIGMA, FORM(VELOCITY), IN(SIGMA), WEIGHTS(MIDPOINT)),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-2", "", "DPM-Solver++, blocks"), .order = 2, .data = &itp_by_data, FORM(DATA),
           WEIGHTS(MIDPOINT)),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-3", "", "DPM-Solver++, blocks"), .order = 3, .data = &itp_by_data, FORM(DATA),
           WEIGHTS(MIDPOINT)),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-2-heun", "", "DPM-Solver++, heun, blocks"), .order = 2, .data = &DATA_HEUN,
           FORM(DATA), WEIGHTS(HEUN)),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-3-heun", "", "DPM-Solver++, heun, blocks"), .order = 3, .data = &DATA_HEUN,
           FORM(DATA), WEIGHTS(HEUN)),
    BLOCKS(ITP_WORDS("dpmpp-3s-nodes", "", "DPM-Solver++, at nodes"), .order = 3, .data = &DATA_NODES, FORM(DATA),
           WEIGHTS(STAGES)),
    BLOCKS(ITP_WORDS("dpm-singlestep-2", "", "DPM-Solver, blocks"), .order = 2, .data = &itp_by_noise, FORM(NOISE),
           WEIGHTS(MIDPOINT)),
    BLOCKS(ITP_WORDS("dpm-singlestep-3", "", "DPM-Solver, blocks"), .order = 3, .data = &itp_by_noise, FORM(NOISE),
           WEIGHTS(MIDPOINT)),
    BLOCKS(ITP_WORDS("dpm-singlestep-2-heun", "", "DPM-Solver, heun, blocks"), .order = 2, .data = &NOISE_HEUN,
           FORM(NOISE), WEIGHTS(HEUN)),
    BLOCKS(ITP_WORDS("dpm-singlestep-3-heun", "", "DPM-Solver, heun, blocks"), .order = 3, .data = &NOISE_HEUN,
           FORM(NOISE), WEIGHTS(HEUN)),
    BLOCKS(ITP_WORDS("dpm-3s-nodes", "", "DPM-Solver, at nodes"), .order = 3, .data = &NOISE_NODES, FORM(NOISE),
           WEIGHTS(STAGES)),
    /* The last one, which is found by its name alone. */
    ROW(ITP_WORDS("runge-kutta", "", "of a tableau of one's own"), FAMILY(RUNGE_KUTTA), .step = itp_rk_step,
        .stages = itp_rk_stages, .data = &NO_TABLEAU,
        READS(ITP_READS_TABLEAU | ENDS | ITP_ROW_NEEDS(ITP_NEEDS_VALUES))),
};
enum { COUNT = sizeof SOLVERS / sizeof SOLVERS[0] };

const itp_kind itp_kind_solver = {.name = "solver",
                                  .rows = SOLVERS,
                                  .fields = itp_solver_fields,
                                  .stride = sizeof SOLVERS[0],
                                  .count = COUNT,
                                  .field_count = ITP_SOLVER_FIELDS,
                                  .fill = itp_solver_fill,
                                  .chosen = itp_solver_chosen};

const itp_method *itp_method_at(int32_t i)
{
    return i >= 0 && i < COUNT ? &SOLVERS[i] : NULL;
}

const itp_method *itp_method_named(const char *name)
{
    return (const void *)itp_kind_called(&itp_kind_solver, name, strlen(name), NULL);
}

int32_t itp_method_reads(const itp_method *solver)
{
    return (int32_t)solver->named.reads;
}

void itp_method_step(itp_solving *solving, itp_form *x, itp_station *a, itp_station *b)
{
    const itp_method *solver = solving->solver;
    if (solver->single && solving->stages == 1) {
        solver->single(solving, x, a, b);
    } else {
        solver->step(solving, x, a, b);
    }
}

int32_t itp_method_stages(itp_solving *solving, int32_t most, itp_station *a, itp_station *b)
{
    const itp_method *solver = solving->solver;
    most = most < solver->evaluations ? most : solver->evaluations;
    return solver->stages ? solver->stages(solving, most, a, b) : most;
}

int32_t itp_method_least_steps(const itp_method *solver, int32_t evaluations)
{
    int32_t most = solver->evaluations, more = solver->dear * (most - 1);
    if (solver->dear) {
        return evaluations > more ? evaluations - more : 1;
    }
    return (evaluations + most - 1) / most;
}
