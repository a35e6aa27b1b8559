/* The solvers that there are. */
#include <string.h>

#include "solver/exponential.h"

/* Prediction, -log sigma instead of lambda, Heun's weights, UniPC's B. */
static const itp_exponential BY_DATA = {ITP_PREDICT_DATA, 0, 0, 0}, DATA_HEUN = {ITP_PREDICT_DATA, 0, 1, 0},
                             DATA_SIGMA = {ITP_PREDICT_DATA, 1, 0, 0}, BY_NOISE = {ITP_PREDICT_NOISE, 0, 0, 0},
                             NOISE_HEUN = {ITP_PREDICT_NOISE, 0, 1, 0}, BH1 = {ITP_PREDICT_DATA, 0, 0, 1},
                             BH2 = {ITP_PREDICT_DATA, 0, 0, 2}, NOISE_BH1 = {ITP_PREDICT_NOISE, 0, 0, 1},
                             NOISE_BH2 = {ITP_PREDICT_NOISE, 0, 0, 2}, DATA_HEUN_SIGMA = {ITP_PREDICT_DATA, 1, 1, 0},
                             BH1_SIGMA = {ITP_PREDICT_DATA, 1, 0, 1}, BH2_SIGMA = {ITP_PREDICT_DATA, 1, 0, 2},
                             VELOCITY_SIGMA = {ITP_PREDICT_VELOCITY, 1, 0, 0};

static const itp_tableau NO_TABLEAU = ITP_TABLEAU_INIT;

/* Of blocks that are steps of DPM-Solver-3. */
static const itp_exponential DATA_NODES = {ITP_PREDICT_DATA, 0, 2, 0}, NOISE_NODES = {ITP_PREDICT_NOISE, 0, 2, 0};

/* Stages at 1/3 and 2/3; at 1/2; at 1/2 and the end. */
static const itp_etd DATA_THIRDS = {{ITP_PREDICT_DATA, 0, 0, 0}, 1. / 3, 2. / 3, 0},
                     NOISE_THIRDS = {{ITP_PREDICT_NOISE, 0, 0, 0}, 1. / 3, 2. / 3, 0},
                     RES_2S = {{ITP_PREDICT_DATA, 0, 0, 0}, 0.5, 1, 0},
                     RES_3S = {{ITP_PREDICT_DATA, 0, 0, 0}, 0.5, 1, 4};

/* What solvers read, by family. */
enum {
    FINAL = ITP_READS_FINAL,
    ENDS = ITP_READS_ENDS,
    WITH_K = ITP_READS_K | ITP_READS_NOISE,
    WITH_OWN = ITP_READS_NOISE | ITP_READS_S_NOISE,
    WITH_ETA = WITH_OWN | ITP_READS_ETA,
    WITH_GAMMA = WITH_OWN | ITP_READS_GAMMA | ITP_READS_BOUNDS,
    WITH_CHURN = WITH_GAMMA | ITP_READS_CHURN
};

#define PLAIN(name) ITP_WORDS(name, "", "")
/* words, what it reads, order, evaluations, noise, exponential, step, stages, data, dear steps, eta, preset, key */
#define PRESET(words, reads, order, evaluations, noise, variable, step, stages, data, dear, eta, preset, ...) \
    { \
        {words, 0, reads}, order, evaluations, noise, variable, dear, eta, preset, {__VA_ARGS__}, itp_##step##_step, \
            stages, data \
    }
#define ROW(words, reads, order, evaluations, noise, variable, step, stages, data, dear, eta, ...) \
    PRESET(words, reads, order, evaluations, noise, variable, step, stages, data, dear, eta, 0, __VA_ARGS__)
#define RK(words, reads, order, evaluations, tableau, weights) \
    ROW(words, reads, order, evaluations, 0, 0, rk, itp_rk_stages, &itp_tableau_##tableau, 0, 0, ITP_RUNGE_KUTTA, 0, \
        0, ITP_WEIGHTS_##weights, 0)
#define SDE(words, reads, order, evaluations, tableau, weights) \
    ROW(words, WITH_K | (reads), order, evaluations, ITP_TAKES_K, 0, sde, itp_sde_stages, &itp_sde_##tableau, 0, 0, \
        ITP_SDE_RUNGE_KUTTA, 0, 0, ITP_WEIGHTS_##weights, 0)
#define DRIFT(words, reads, order, evaluations, noise, step, stages, data, family, weights) \
    ROW(words, reads, order, evaluations, noise, 0, step, stages, data, 0, 0, ITP_##family, 0, 0, \
        ITP_WEIGHTS_##weights, 0)
#define PSEUDO(words) \
    ROW(words, 0, 4, 4, 0, ITP_IN_LAMBDA, pndm, itp_pndm_stages, &BY_NOISE, 3, 0, ITP_PNDM, ITP_FORM_NOISE, \
        ITP_VARIABLE_LAMBDA, 0, 0)
#define SA(words, order, step, corrector) \
    ROW(words, WITH_K | FINAL, order, 1, ITP_TAKES_K, ITP_IN_LAMBDA, step, NULL, NULL, 0, 0, ITP_SA, ITP_FORM_DATA, \
        ITP_VARIABLE_LAMBDA, 0, corrector)
#define OWN(words, reads, order, evaluations, in, step, stages, data, eta, family, form, variable, weights) \
    ROW(words, reads, order, evaluations, ITP_OWN_NOISE, in, step, stages, data, 0, eta, ITP_##family, \
        ITP_FORM_##form, ITP_VARIABLE_##variable, ITP_WEIGHTS_##weights, 0)
#define NOISY(words, order, data, form, variable, weights) \
    OWN(words, WITH_ETA | FINAL, order, 1, ITP_IN_##variable, sde_dpm, NULL, &(data), 100, SDE_MULTISTEP, form, \
        variable, weights)
#define MULTISTEP(words, order, step, data, form, variable, weights, corrector) \
    ROW(words, FINAL, order, 1, 0, ITP_IN_##variable, step, NULL, &(data), 0, 0, ITP_EXPONENTIAL_MULTISTEP, \
        ITP_FORM_##form, ITP_VARIABLE_##variable, ITP_WEIGHTS_##weights, corrector)
#define SINGLESTEP(words, order, evaluations, step, data, form, variable, weights) \
    ROW(words, FINAL, order, evaluations, 0, ITP_IN_##variable, step, itp_2s_stages, &(data), 0, 0, \
        ITP_EXPONENTIAL_SINGLESTEP, ITP_FORM_##form, ITP_VARIABLE_##variable, ITP_WEIGHTS_##weights, 0)
#define BLOCKS(words, order, data, form, weights) \
    ROW(words, FINAL, order, 1, 0, ITP_IN_LAMBDA, block, NULL, &(data), 0, 0, ITP_EXPONENTIAL_BLOCKS, ITP_FORM_##form, \
        ITP_VARIABLE_LAMBDA, ITP_WEIGHTS_##weights, 0)

/* The first row that fits is what a choice of 0 means: DPM-Solver++ before all that differs from it. */
static const itp_method SOLVERS[] = {
    RK(ITP_WORDS("euler", "", "Euler's method"), 0, 1, 1, euler, DEFAULT),
    RK(ITP_WORDS("midpoint", "", "the midpoint rule"), 0, 2, 2, midpoint, MIDPOINT),
    RK(ITP_WORDS("heun", "heun2", "Heun's method"), ENDS, 2, 2, heun, HEUN),
    RK(ITP_WORDS("ralston", "", "Ralston's method"), 0, 2, 2, ralston, RALSTON),
    RK(ITP_WORDS("heun3", "", "Heun's, order 3"), 0, 3, 3, heun3, HEUN),
    RK(ITP_WORDS("bosh3", "bogacki-shampine", "Bogacki-Shampine"), 0, 3, 3, bosh3, BOGACKI_SHAMPINE),
    RK(ITP_WORDS("rk4", "", "Runge and Kutta's"), ENDS, 4, 4, rk4, CLASSIC),
    RK(ITP_WORDS("rk38", "", "the 3/8 rule"), ENDS, 4, 4, rk38, THREE_EIGHTHS),
    RK(ITP_WORDS("tsit5", "", "Tsitouras"), ENDS, 5, 6, tsit5, TSITOURAS),
    RK(ITP_WORDS("dopri5", "", "Dormand-Prince"), ENDS, 5, 6, dopri5, DORMAND_PRINCE),
    DRIFT(ITP_WORDS("ab2", "", "Adams-Bashforth"), 0, 2, 1, 0, ab, NULL, NULL, ADAMS_BASHFORTH, DEFAULT),
    DRIFT(ITP_WORDS("ab3", "", "Adams-Bashforth"), 0, 3, 1, 0, ab, NULL, NULL, ADAMS_BASHFORTH, DEFAULT),
    DRIFT(ITP_WORDS("ab4", "lms", "Adams-Bashforth"), 0, 4, 1, 0, ab, NULL, NULL, ADAMS_BASHFORTH, DEFAULT),
    DRIFT(ITP_WORDS("ipndm-1", "", "Adams-Bashforth, equal steps"), 0, 1, 1, 0, ipndm, NULL, NULL, ADAMS_BASHFORTH,
          EQUAL),
    DRIFT(ITP_WORDS("ipndm-2", "", "Adams-Bashforth, equal steps"), 0, 2, 1, 0, ipndm, NULL, NULL, ADAMS_BASHFORTH,
          EQUAL),
    DRIFT(ITP_WORDS("ipndm-3", "", "Adams-Bashforth, equal steps"), 0, 3, 1, 0, ipndm, NULL, NULL, ADAMS_BASHFORTH,
          EQUAL),
    DRIFT(ITP_WORDS("ipndm-4", "ipndm", "Adams-Bashforth, equal steps"), 0, 4, 1, 0, ipndm, NULL, NULL, ADAMS_BASHFORTH,
          EQUAL),
    DRIFT(ITP_WORDS("euler-ge", "gradient-estimation", "gradient estimation"), ITP_READS_GAMMA, 1, 1, 0, gradient, NULL,
          NULL, ADAMS_BASHFORTH, GRADIENT),
    PSEUDO(ITP_WORDS("pndm", "plms", "F-PNDM, or PLMS")),
    SDE(ITP_WORDS("euler-maruyama", "em,eulermaruyama", "Euler-Maruyama"), 0, 1, 1, euler, DEFAULT),
    SDE(ITP_WORDS("stochastic-heun", "", "noise, then Heun's step"), ENDS, 2, 2, heun, HEUN),
    SDE(ITP_WORDS("sea", "", "shifted Euler"), 0, 1, 1, sea, SEA),
    SDE(ITP_WORDS("shark", "", "shifted Runge-Kutta"), 0, 2, 2, shark, SHARK),
    SDE(ITP_WORDS("sra1", "", "Roessler's"), 0, 2, 2, sra1, SRA1),
    DRIFT(ITP_WORDS("stochastic-ab2", "", "Adams-Bashforth"), WITH_K, 2, 1, ITP_TAKES_K, stochastic_ab, NULL, NULL,
          SDE_ADAMS_BASHFORTH, DEFAULT),
    DRIFT(ITP_WORDS("stochastic-ab3", "", "Adams-Bashforth"), WITH_K, 3, 1, ITP_TAKES_K, stochastic_ab, NULL, NULL,
          SDE_ADAMS_BASHFORTH, DEFAULT),
    SA(ITP_WORDS("exponential-sde", "", "exact for a frozen prediction"), 1, sa, 0),
    SA(ITP_WORDS("sa-2", "", "SA-Solver"), 2, sa, 0),
    SA(ITP_WORDS("sa-3", "", "SA-Solver"), 3, sa, 0),
    SA(ITP_WORDS("sa-1-1", "", "SA-Solver, corrected"), 1, sa_corrected, 1),
    SA(ITP_WORDS("sa-2-2", "", "SA-Solver, corrected"), 2, sa_corrected, 1),
    SA(ITP_WORDS("sa-3-3", "", "SA-Solver, corrected"), 3, sa_corrected, 1),
    OWN(ITP_WORDS("euler-ancestral", "euler-a,k-euler-a", "Euler, then noise"), WITH_ETA, 1, 1, 1, euler_ancestral,
        NULL, NULL, 100, ANCESTRAL, DEFAULT, DEFAULT, DEFAULT),
    OWN(ITP_WORDS("dpmpp-2s-ancestral", "dpmpp-2s-a,dpmpp2s-a", "dpmpp-2s, then noise"), WITH_ETA, 2, 2, 1,
        2s_ancestral, itp_2s_ancestral_stages, &BY_DATA, 100, ANCESTRAL, DATA, DEFAULT, DEFAULT),
    OWN(ITP_WORDS_FLOW("dpm-2-ancestral", "dpm2-a,k-dpm-2-a", "dpm-2s, then noise", "dpm-2-ancestral-sigma"), WITH_ETA,
        2, 2, 1, 2s_ancestral, itp_2s_ancestral_stages, &BY_NOISE, 100, ANCESTRAL, NOISE, DEFAULT, DEFAULT),
    OWN(ITP_WORDS_FLOW("res-2s-ancestral", "", "RES with noise", "res-2s-ancestral-sigma"), WITH_ETA, 2, 2, 1,
        2s_ancestral, itp_2s_ancestral_stages, &DATA_HEUN, 100, ANCESTRAL, DATA, LAMBDA, EXACT),
    OWN(ITP_WORDS("res-2s-ancestral-sigma", "", "RES with noise"), WITH_ETA, 2, 2, 2, 2s_ancestral,
        itp_2s_ancestral_stages, &DATA_HEUN_SIGMA, 100, ANCESTRAL, DATA, SIGMA, EXACT),
    OWN(ITP_WORDS("dpm-2-ancestral-sigma", "", "DPM-Solver, in sigma"), WITH_ETA, 2, 2, 2, 2s_ancestral,
        itp_2s_ancestral_stages, &VELOCITY_SIGMA, 100, ANCESTRAL, VELOCITY, SIGMA, DEFAULT),
    OWN(ITP_WORDS_FLOW("res-2m-ancestral", "res-multistep-ancestral", "RES with noise", "res-2m-ancestral-sigma"),
        WITH_ETA | FINAL, 2, 1, 1, res_ancestral, NULL, &DATA_HEUN, 100, ANCESTRAL_MULTISTEP, DATA, LAMBDA, EXACT),
    OWN(ITP_WORDS("res-2m-ancestral-sigma", "", "RES with noise"), WITH_ETA | FINAL, 2, 1, 2, res_ancestral, NULL,
        &DATA_HEUN_SIGMA, 100, ANCESTRAL_MULTISTEP, DATA, SIGMA, EXACT),
    OWN(ITP_WORDS("lcm", "", "latent consistency"), WITH_OWN, 1, 1, 1, lcm, NULL, NULL, 0, LCM, DEFAULT, DEFAULT,
        DEFAULT),
    OWN(ITP_WORDS("tcd", "", "trajectory consistency"), WITH_ETA, 1, 1, 1, tcd, NULL, NULL, 30, TCD, DEFAULT, DEFAULT,
        DEFAULT),
    OWN(ITP_WORDS("er-sde-1", "", "ER-SDE-Solver"), WITH_OWN | FINAL, 1, 1, 1, er_sde, NULL, &BY_DATA, 0, ER_SDE, DATA,
        LAMBDA, DEFAULT),
    OWN(ITP_WORDS("er-sde-2", "", "ER-SDE-Solver"), WITH_OWN | FINAL, 2, 1, 1, er_sde, NULL, &BY_DATA, 0, ER_SDE, DATA,
        LAMBDA, DEFAULT),
    OWN(ITP_WORDS("er-sde-3", "er-sde", "ER-SDE-Solver"), WITH_OWN | FINAL, 3, 1, 1, er_sde, NULL, &BY_DATA, 0, ER_SDE,
        DATA, LAMBDA, DEFAULT),
    OWN(ITP_WORDS("ddpm", "", "the posterior; DDIM's eta"), WITH_ETA, 1, 1, 1, ddpm, NULL, NULL, 100, DDPM_POSTERIOR,
        DEFAULT, DEFAULT, DEFAULT),
    OWN(ITP_WORDS("dpmpp-sde", "dpmpp-sde-gpu", "DPM-Solver++ (SDE)"), WITH_ETA, 2, 2, 1, dpmpp_sde, itp_2s_stages,
        &BY_DATA, 100, MIDPOINT_SDE, DATA, LAMBDA, DEFAULT),
    OWN(ITP_WORDS("edm-heun", "", "EDM's churn"), WITH_CHURN, 2, 2, 1, edm_heun, itp_edm_heun_stages, NULL, 0, CHURN,
        DEFAULT, DEFAULT, HEUN),
    OWN(ITP_WORDS("edm-euler", "", "EDM's churn"), WITH_CHURN, 1, 1, 1, edm_euler, NULL, NULL, 0, CHURN, DEFAULT,
        DEFAULT, DEFAULT),
    PRESET(ITP_WORDS("alphafold-3", "alphafold3,af3", "EDM's churn, longer steps"), WITH_GAMMA | ITP_READS_SCALE, 1, 1,
           ITP_OWN_NOISE, 1, edm_euler, NULL, NULL, 0, 0, ITP_PRESET_ALPHAFOLD_3, ITP_CHURN, 0, 0, ITP_WEIGHTS_SCALED,
           0),
    OWN(ITP_WORDS("edm-dpmpp-2s", "", "EDM's churn"), WITH_CHURN, 2, 2, 1, edm_2s, itp_2s_stages, &BY_DATA, 0, CHURN,
        DATA, LAMBDA, MIDPOINT),
    OWN(ITP_WORDS("edm-dpm-2s", "", "EDM's churn"), WITH_CHURN, 2, 2, 1, edm_2s, itp_2s_stages, &BY_NOISE, 0, CHURN,
        NOISE, LAMBDA, MIDPOINT),
    OWN(ITP_WORDS("langevin", "", "a Langevin corrector"), WITH_ETA | ITP_READS_SNR, 1, 2, 1, langevin,
        itp_langevin_stages, NULL, 100, LANGEVIN, DEFAULT, DEFAULT, DEFAULT),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-1", "", "SDE-DPM-Solver++", "sde-dpmpp-1-sigma"), 1, BY_DATA, DATA, LAMBDA,
          MIDPOINT),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-2m", "dpmpp-2m-sde,dpmpp-2m-sde-gpu,dpmpp2m-sde", "SDE-DPM-Solver++",
                         "sde-dpmpp-2m-sigma"),
          2, BY_DATA, DATA, LAMBDA, MIDPOINT),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-2m-heun", "dpmpp-2m-sde-heun,dpmpp-2m-sde-heun-gpu", "SDE-DPM-Solver++, heun",
                         "sde-dpmpp-2m-heun-sigma"),
          2, DATA_HEUN, DATA, LAMBDA, HEUN),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-3m", "", "SDE-DPM-Solver++", "sde-dpmpp-3m-sigma"), 3, BY_DATA, DATA, LAMBDA,
          MIDPOINT),
    NOISY(ITP_WORDS_FLOW("sde-dpmpp-3m-heun", "dpmpp-3m-sde,dpmpp-3m-sde-gpu", "SDE-DPM-Solver++, heun",
                         "sde-dpmpp-3m-heun-sigma"),
          3, DATA_HEUN, DATA, LAMBDA, HEUN),
    NOISY(ITP_WORDS("sde-dpmpp-1-sigma", "", "SDE-DPM-Solver++, in sigma"), 1, DATA_SIGMA, DATA, SIGMA, MIDPOINT),
    NOISY(ITP_WORDS("sde-dpmpp-2m-sigma", "", "SDE-DPM-Solver++, in sigma"), 2, DATA_SIGMA, DATA, SIGMA, MIDPOINT),
    NOISY(ITP_WORDS("sde-dpmpp-2m-heun-sigma", "", "SDE-DPM-Solver++, heun, in sigma"), 2, DATA_HEUN_SIGMA, DATA, SIGMA,
          HEUN),
    NOISY(ITP_WORDS("sde-dpmpp-3m-sigma", "", "SDE-DPM-Solver++, in sigma"), 3, DATA_SIGMA, DATA, SIGMA, MIDPOINT),
    NOISY(ITP_WORDS("sde-dpmpp-3m-heun-sigma", "", "SDE-DPM-Solver++, heun, in sigma"), 3, DATA_HEUN_SIGMA, DATA, SIGMA,
          HEUN),
    NOISY(ITP_WORDS("sde-dpm-1", "", "SDE-DPM-Solver"), 1, BY_NOISE, NOISE, LAMBDA, MIDPOINT),
    NOISY(ITP_WORDS("sde-dpm-2m", "", "SDE-DPM-Solver"), 2, BY_NOISE, NOISE, LAMBDA, MIDPOINT),
    NOISY(ITP_WORDS("sde-dpm-2m-heun", "", "SDE-DPM-Solver, heun"), 2, NOISE_HEUN, NOISE, LAMBDA, HEUN),
    MULTISTEP(ITP_WORDS("ddim", "dpm-solver-1,dpmpp-1", "DDIM"), 1, dpm, BY_DATA, DATA, LAMBDA, MIDPOINT, 0),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m", "dpmpp2m", "DPM-Solver++", "dpmpp-2m-sigma"), 2, dpm, BY_DATA, DATA, LAMBDA,
              MIDPOINT, 0),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-3m", "", "DPM-Solver++", "dpmpp-3m-sigma"), 3, dpm, BY_DATA, DATA, LAMBDA, MIDPOINT,
              0),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m-heun", "", "DPM-Solver++, heun", "dpmpp-2m-heun-sigma"), 2, dpm, DATA_HEUN, DATA,
              LAMBDA, HEUN, 0),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-3m-heun", "", "DPM-Solver++, heun", "dpmpp-3m-heun-sigma"), 3, dpm, DATA_HEUN, DATA,
              LAMBDA, HEUN, 0),
    MULTISTEP(ITP_WORDS_FLOW("res-2m", "res-multistep", "RES", "dpmpp-2m-heun-sigma"), 2, deis, BY_DATA, DATA, LAMBDA,
              EXACT, 0),
    MULTISTEP(ITP_WORDS("res-3m", "", "RES"), 3, deis, BY_DATA, DATA, LAMBDA, EXACT, 0),
    MULTISTEP(ITP_WORDS("dpm-2m", "", "DPM-Solver"), 2, dpm, BY_NOISE, NOISE, LAMBDA, MIDPOINT, 0),
    MULTISTEP(ITP_WORDS("dpm-3m", "", "DPM-Solver"), 3, dpm, BY_NOISE, NOISE, LAMBDA, MIDPOINT, 0),
    MULTISTEP(ITP_WORDS("dpm-2m-heun", "", "DPM-Solver, heun"), 2, dpm, NOISE_HEUN, NOISE, LAMBDA, HEUN, 0),
    MULTISTEP(ITP_WORDS("dpm-3m-heun", "", "DPM-Solver, heun"), 3, dpm, NOISE_HEUN, NOISE, LAMBDA, HEUN, 0),
    MULTISTEP(ITP_WORDS("deis-2", "", "DEIS"), 2, deis, BY_NOISE, NOISE, LAMBDA, EXACT, 0),
    MULTISTEP(ITP_WORDS("deis-3", "", "DEIS"), 3, deis, BY_NOISE, NOISE, LAMBDA, EXACT, 0),
    MULTISTEP(ITP_WORDS("dpmpp-2m-sigma", "", "DPM-Solver++, in sigma"), 2, dpm, DATA_SIGMA, DATA, SIGMA, MIDPOINT, 0),
    MULTISTEP(ITP_WORDS("dpmpp-3m-sigma", "", "DPM-Solver++, in sigma"), 3, dpm, DATA_SIGMA, DATA, SIGMA, MIDPOINT, 0),
    MULTISTEP(ITP_WORDS("dpmpp-2m-heun-sigma", "", "DPM-Solver++, heun, in sigma"), 2, dpm, DATA_HEUN_SIGMA, DATA,
              SIGMA, HEUN, 0),
    MULTISTEP(ITP_WORDS("dpmpp-3m-heun-sigma", "", "DPM-Solver++, heun, in sigma"), 3, dpm, DATA_HEUN_SIGMA, DATA,
              SIGMA, HEUN, 0),
    MULTISTEP(ITP_WORDS_FLOW("dpmpp-2m-v2", "dpmpp2mv2", "DPM-Solver++", "dpmpp-2m-v2-sigma"), 1, 2m_v2, BY_DATA, DATA,
              LAMBDA, MEAN, 0),
    MULTISTEP(ITP_WORDS("dpmpp-2m-v2-sigma", "", "DPM-Solver++, in sigma"), 1, 2m_v2, DATA_SIGMA, DATA, SIGMA, MEAN, 0),
    MULTISTEP(ITP_WORDS("unipc-bh2-1", "", "UniPC"), 1, unipc, BH2, DATA, LAMBDA, BH2, 1),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh2-2", "", "UniPC", "unipc-bh2-2-sigma"), 2, unipc, BH2, DATA, LAMBDA, BH2, 1),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh2-3", "uni-pc-bh2", "UniPC", "unipc-bh2-3-sigma"), 3, unipc, BH2, DATA, LAMBDA,
              BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-1", "", "UniPC, noise form"), 1, unipc, NOISE_BH2, NOISE, LAMBDA, BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-2", "", "UniPC, noise form"), 2, unipc, NOISE_BH2, NOISE, LAMBDA, BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh2-3", "", "UniPC, noise form"), 3, unipc, NOISE_BH2, NOISE, LAMBDA, BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-bh2-2-sigma", "", "UniPC, in sigma"), 2, unipc, BH2_SIGMA, DATA, SIGMA, BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-bh2-3-sigma", "", "UniPC, in sigma"), 3, unipc, BH2_SIGMA, DATA, SIGMA, BH2, 1),
    MULTISTEP(ITP_WORDS("unipc-bh1-1", "", "UniPC"), 1, unipc, BH1, DATA, LAMBDA, BH1, 1),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh1-2", "", "UniPC", "unipc-bh1-2-sigma"), 2, unipc, BH1, DATA, LAMBDA, BH1, 1),
    MULTISTEP(ITP_WORDS_FLOW("unipc-bh1-3", "uni-pc,unipc", "UniPC", "unipc-bh1-3-sigma"), 3, unipc, BH1, DATA, LAMBDA,
              BH1, 1),
    MULTISTEP(ITP_WORDS("unipc-vary-1", "", "UniPC"), 1, unipc, BY_DATA, DATA, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-vary-2", "", "UniPC"), 2, unipc, BY_DATA, DATA, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-vary-3", "", "UniPC"), 3, unipc, BY_DATA, DATA, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-1", "", "UniPC, noise form"), 1, unipc, NOISE_BH1, NOISE, LAMBDA, BH1, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-2", "", "UniPC, noise form"), 2, unipc, NOISE_BH1, NOISE, LAMBDA, BH1, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-bh1-3", "", "UniPC, noise form"), 3, unipc, NOISE_BH1, NOISE, LAMBDA, BH1, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-1", "", "UniPC, noise form"), 1, unipc, BY_NOISE, NOISE, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-2", "", "UniPC, noise form"), 2, unipc, BY_NOISE, NOISE, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-noise-vary-3", "", "UniPC, noise form"), 3, unipc, BY_NOISE, NOISE, LAMBDA, VARY, 1),
    MULTISTEP(ITP_WORDS("unipc-bh1-2-sigma", "", "UniPC, in sigma"), 2, unipc, BH1_SIGMA, DATA, SIGMA, BH1, 1),
    MULTISTEP(ITP_WORDS("unipc-bh1-3-sigma", "", "UniPC, in sigma"), 3, unipc, BH1_SIGMA, DATA, SIGMA, BH1, 1),
    SINGLESTEP(ITP_WORDS_FLOW("dpmpp-2s", "", "DPM-Solver++", "dpmpp-2s-sigma"), 2, 2, 2s, BY_DATA, DATA, LAMBDA,
               MIDPOINT),
    SINGLESTEP(ITP_WORDS("dpmpp-3s", "", "DPM-Solver++"), 3, 3, etd, DATA_THIRDS, DATA, LAMBDA, MIDPOINT),
    SINGLESTEP(ITP_WORDS_FLOW("res-2s", "", "RES", "res-2s-sigma"), 2, 2, etd, RES_2S, DATA, LAMBDA, EXACT),
    SINGLESTEP(ITP_WORDS("res-3s", "", "RES"), 3, 3, etd, RES_3S, DATA, LAMBDA, EXACT),
    SINGLESTEP(ITP_WORDS_FLOW("dpm-2s", "dpm2,dpm-2", "DPM-Solver", "dpm-2s-sigma"), 2, 2, 2s, BY_NOISE, NOISE, LAMBDA,
               MIDPOINT),
    SINGLESTEP(ITP_WORDS("dpm-3s", "dpm-fast", "DPM-Solver"), 3, 3, etd, NOISE_THIRDS, NOISE, LAMBDA, MIDPOINT),
    SINGLESTEP(ITP_WORDS("dpmpp-2s-sigma", "", "DPM-Solver++, in sigma"), 2, 2, 2s, DATA_SIGMA, DATA, SIGMA, MIDPOINT),
    SINGLESTEP(ITP_WORDS("res-2s-sigma", "", "RES, in sigma"), 2, 2, 2s, DATA_HEUN_SIGMA, DATA, SIGMA, EXACT),
    SINGLESTEP(ITP_WORDS("dpm-2s-sigma", "", "DPM-Solver, in sigma"), 2, 2, 2s, VELOCITY_SIGMA, VELOCITY, SIGMA,
               MIDPOINT),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-2", "", "DPM-Solver++, blocks"), 2, BY_DATA, DATA, MIDPOINT),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-3", "", "DPM-Solver++, blocks"), 3, BY_DATA, DATA, MIDPOINT),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-2-heun", "", "DPM-Solver++, heun, blocks"), 2, DATA_HEUN, DATA, HEUN),
    BLOCKS(ITP_WORDS("dpmpp-singlestep-3-heun", "", "DPM-Solver++, heun, blocks"), 3, DATA_HEUN, DATA, HEUN),
    BLOCKS(ITP_WORDS("dpmpp-3s-nodes", "", "DPM-Solver++, at nodes"), 3, DATA_NODES, DATA, STAGES),
    BLOCKS(ITP_WORDS("dpm-singlestep-2", "", "DPM-Solver, blocks"), 2, BY_NOISE, NOISE, MIDPOINT),
    BLOCKS(ITP_WORDS("dpm-singlestep-3", "", "DPM-Solver, blocks"), 3, BY_NOISE, NOISE, MIDPOINT),
    BLOCKS(ITP_WORDS("dpm-singlestep-2-heun", "", "DPM-Solver, heun, blocks"), 2, NOISE_HEUN, NOISE, HEUN),
    BLOCKS(ITP_WORDS("dpm-singlestep-3-heun", "", "DPM-Solver, heun, blocks"), 3, NOISE_HEUN, NOISE, HEUN),
    BLOCKS(ITP_WORDS("dpm-3s-nodes", "", "DPM-Solver, at nodes"), 3, NOISE_NODES, NOISE, STAGES),
    /* The last one, which is found by its name alone. */
    ROW(ITP_WORDS("runge-kutta", "", "of a tableau of one's own"),
        ITP_READS_TABLEAU | ENDS | ITP_ROW_NEEDS(ITP_NEEDS_VALUES), 0, 0, 0, 0, rk, itp_rk_stages, &NO_TABLEAU, 0, 0,
        ITP_RUNGE_KUTTA, 0, 0, 0, 0),
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

int32_t itp_method_stages(itp_solving *solving, const itp_method *solver, int32_t most, const itp_node *a,
                          const itp_node *b)
{
    return solver->stages ? solver->stages(solving, solver, most, a, b) : 1;
}

int32_t itp_method_least_steps(const itp_method *solver, int32_t evaluations)
{
    int32_t most = solver->evaluations, more = solver->dear * (most - 1);
    if (solver->dear) {
        return evaluations > more ? evaluations - more : 1;
    }
    return (evaluations + most - 1) / most;
}
