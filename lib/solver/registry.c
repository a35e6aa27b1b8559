#include <string.h>

#include "solver/exponential.h"

/* Prediction, -log sigma instead of lambda, Heun's weights, UniPC's B. */
static const itp_exponential DATA = {ITP_PREDICT_DATA, 0, 0, 0}, DATA_HEUN = {ITP_PREDICT_DATA, 0, 1, 0},
                             DATA_SIGMA = {ITP_PREDICT_DATA, 1, 0, 0}, NOISE = {ITP_PREDICT_NOISE, 0, 0, 0},
                             NOISE_HEUN = {ITP_PREDICT_NOISE, 0, 1, 0}, BH1 = {ITP_PREDICT_DATA, 0, 0, 1},
                             BH2 = {ITP_PREDICT_DATA, 0, 0, 2}, NOISE_BH1 = {ITP_PREDICT_NOISE, 0, 0, 1},
                             NOISE_BH2 = {ITP_PREDICT_NOISE, 0, 0, 2}, DATA_HEUN_SIGMA = {ITP_PREDICT_DATA, 1, 1, 0},
                             BH1_SIGMA = {ITP_PREDICT_DATA, 1, 0, 1}, BH2_SIGMA = {ITP_PREDICT_DATA, 1, 0, 2};

/* Of blocks that are steps of DPM-Solver-3. */
static const itp_exponential DATA_NODES = {ITP_PREDICT_DATA, 0, 2, 0}, NOISE_NODES = {ITP_PREDICT_NOISE, 0, 2, 0};

/* Stages at 1/3 and 2/3; at 1/2; at 1/2 and the end. */
static const itp_etd DATA_THIRDS = {{ITP_PREDICT_DATA, 0, 0, 0}, 1. / 3, 2. / 3, 0},
                     NOISE_THIRDS = {{ITP_PREDICT_NOISE, 0, 0, 0}, 1. / 3, 2. / 3, 0},
                     RES_2S = {{ITP_PREDICT_DATA, 0, 0, 0}, 0.5, 1, 0},
                     RES_3S = {{ITP_PREDICT_DATA, 0, 0, 0}, 0.5, 1, 4};

static const itp_method SOLVERS[] = {
    {ITP_SOLVER_EULER, "euler", 1, 1, 0, 0, itp_rk_step, &itp_tableau_euler},
    {ITP_SOLVER_MIDPOINT, "midpoint", 2, 2, 0, 0, itp_rk_step, &itp_tableau_midpoint},
    {ITP_SOLVER_HEUN, "heun", 2, 2, 0, 0, itp_rk_step, &itp_tableau_heun},
    {ITP_SOLVER_RALSTON, "ralston", 2, 2, 0, 0, itp_rk_step, &itp_tableau_ralston},
    {ITP_SOLVER_HEUN3, "heun3", 3, 3, 0, 0, itp_rk_step, &itp_tableau_heun3},
    {ITP_SOLVER_BOSH3, "bosh3", 3, 3, 0, 0, itp_rk_step, &itp_tableau_bosh3},
    {ITP_SOLVER_RK4, "rk4", 4, 4, 0, 0, itp_rk_step, &itp_tableau_rk4},
    {ITP_SOLVER_RK38, "rk38", 4, 4, 0, 0, itp_rk_step, &itp_tableau_rk38},
    {ITP_SOLVER_TSIT5, "tsit5", 5, 6, 0, 0, itp_rk_step, &itp_tableau_tsit5},
    {ITP_SOLVER_DOPRI5, "dopri5", 5, 6, 0, 0, itp_rk_step, &itp_tableau_dopri5},
    {ITP_SOLVER_AB2, "ab2", 2, 1, 0, 0, itp_ab_step, NULL},
    {ITP_SOLVER_AB3, "ab3", 3, 1, 0, 0, itp_ab_step, NULL},
    {ITP_SOLVER_AB4, "ab4", 4, 1, 0, 0, itp_ab_step, NULL},
    {ITP_SOLVER_IPNDM_1, "ipndm-1", 1, 1, 0, 0, itp_ipndm_step, NULL},
    {ITP_SOLVER_IPNDM_2, "ipndm-2", 2, 1, 0, 0, itp_ipndm_step, NULL},
    {ITP_SOLVER_IPNDM_3, "ipndm-3", 3, 1, 0, 0, itp_ipndm_step, NULL},
    {ITP_SOLVER_IPNDM_4, "ipndm-4", 4, 1, 0, 0, itp_ipndm_step, NULL},
    {ITP_SOLVER_PNDM, "pndm", 4, 4, 0, 1, itp_pndm_step, &NOISE},
    {ITP_SOLVER_EULER_MARUYAMA, "euler-maruyama", 1, 1, ITP_TAKES_K, 0, itp_sde_step, &itp_sde_euler},
    {ITP_SOLVER_STOCHASTIC_HEUN, "stochastic-heun", 2, 2, ITP_TAKES_K, 0, itp_sde_step, &itp_sde_heun},
    {ITP_SOLVER_SEA, "sea", 1, 1, ITP_TAKES_K, 0, itp_sde_step, &itp_sde_sea},
    {ITP_SOLVER_SHARK, "shark", 2, 2, ITP_TAKES_K, 0, itp_sde_step, &itp_sde_shark},
    {ITP_SOLVER_SRA1, "sra1", 2, 2, ITP_TAKES_K, 0, itp_sde_step, &itp_sde_sra1},
    {ITP_SOLVER_STOCHASTIC_AB2, "stochastic-ab2", 2, 1, ITP_TAKES_K, 0, itp_stochastic_ab_step, NULL},
    {ITP_SOLVER_STOCHASTIC_AB3, "stochastic-ab3", 3, 1, ITP_TAKES_K, 0, itp_stochastic_ab_step, NULL},
    {ITP_SOLVER_EXPONENTIAL_SDE, "exponential-sde", 1, 1, ITP_TAKES_K, 1, itp_sa_step, NULL},
    {ITP_SOLVER_SA_2, "sa-2", 2, 1, ITP_TAKES_K, 1, itp_sa_step, NULL},
    {ITP_SOLVER_SA_3, "sa-3", 3, 1, ITP_TAKES_K, 1, itp_sa_step, NULL},
    {ITP_SOLVER_SA_1_1, "sa-1-1", 1, 1, ITP_TAKES_K, 1, itp_sa_corrected_step, NULL},
    {ITP_SOLVER_SA_2_2, "sa-2-2", 2, 1, ITP_TAKES_K, 1, itp_sa_corrected_step, NULL},
    {ITP_SOLVER_SA_3_3, "sa-3-3", 3, 1, ITP_TAKES_K, 1, itp_sa_corrected_step, NULL},
    {ITP_SOLVER_EULER_ANCESTRAL, "euler-ancestral", 1, 1, ITP_OWN_NOISE, 1, itp_euler_ancestral_step, NULL},
    {ITP_SOLVER_DPM_2_ANCESTRAL, "dpm-2-ancestral", 2, 2, ITP_OWN_NOISE, 1, itp_2s_ancestral_step, &NOISE},
    {ITP_SOLVER_DPMPP_2S_ANCESTRAL, "dpmpp-2s-ancestral", 2, 2, ITP_OWN_NOISE, 1, itp_2s_ancestral_step, &DATA},
    {ITP_SOLVER_DDPM, "ddpm", 1, 1, ITP_OWN_NOISE, 1, itp_ddpm_step, NULL},
    {ITP_SOLVER_DPMPP_SDE, "dpmpp-sde", 2, 2, ITP_OWN_NOISE, 1, itp_dpmpp_sde_step, &DATA},
    {ITP_SOLVER_EDM_HEUN, "edm-heun", 2, 2, ITP_OWN_NOISE, 1, itp_edm_heun_step, NULL},
    {ITP_SOLVER_SDE_DPMPP_1, "sde-dpmpp-1", 1, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &DATA},
    {ITP_SOLVER_SDE_DPMPP_2M, "sde-dpmpp-2m", 2, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &DATA},
    {ITP_SOLVER_SDE_DPMPP_2M_HEUN, "sde-dpmpp-2m-heun", 2, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &DATA_HEUN},
    {ITP_SOLVER_SDE_DPMPP_3M, "sde-dpmpp-3m", 3, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &DATA},
    {ITP_SOLVER_SDE_DPMPP_3M_HEUN, "sde-dpmpp-3m-heun", 3, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &DATA_HEUN},
    {ITP_SOLVER_SDE_DPM_1, "sde-dpm-1", 1, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &NOISE},
    {ITP_SOLVER_SDE_DPM_2M, "sde-dpm-2m", 2, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &NOISE},
    {ITP_SOLVER_SDE_DPM_2M_HEUN, "sde-dpm-2m-heun", 2, 1, ITP_OWN_NOISE, 1, itp_sde_dpm_step, &NOISE_HEUN},
    {ITP_SOLVER_DDIM, "ddim", 1, 1, 0, 1, itp_dpm_step, &DATA},
    {ITP_SOLVER_DPM_2M, "dpm-2m", 2, 1, 0, 1, itp_dpm_step, &NOISE},
    {ITP_SOLVER_DPM_3M, "dpm-3m", 3, 1, 0, 1, itp_dpm_step, &NOISE},
    {ITP_SOLVER_DPM_2M_HEUN, "dpm-2m-heun", 2, 1, 0, 1, itp_dpm_step, &NOISE_HEUN},
    {ITP_SOLVER_DPM_3M_HEUN, "dpm-3m-heun", 3, 1, 0, 1, itp_dpm_step, &NOISE_HEUN},
    {ITP_SOLVER_DPMPP_2M, "dpmpp-2m", 2, 1, 0, 1, itp_dpm_step, &DATA},
    {ITP_SOLVER_DPMPP_3M, "dpmpp-3m", 3, 1, 0, 1, itp_dpm_step, &DATA},
    {ITP_SOLVER_DPMPP_2M_HEUN, "dpmpp-2m-heun", 2, 1, 0, 1, itp_dpm_step, &DATA_HEUN},
    {ITP_SOLVER_DPMPP_3M_HEUN, "dpmpp-3m-heun", 3, 1, 0, 1, itp_dpm_step, &DATA_HEUN},
    {ITP_SOLVER_DPMPP_2M_SIGMA, "dpmpp-2m-sigma", 2, 1, 0, 2, itp_dpm_step, &DATA_SIGMA},
    {ITP_SOLVER_DPMPP_3M_SIGMA, "dpmpp-3m-sigma", 3, 1, 0, 2, itp_dpm_step, &DATA_SIGMA},
    {ITP_SOLVER_DPMPP_2M_HEUN_SIGMA, "dpmpp-2m-heun-sigma", 2, 1, 0, 2, itp_dpm_step, &DATA_HEUN_SIGMA},
    {ITP_SOLVER_DPMPP_3M_HEUN_SIGMA, "dpmpp-3m-heun-sigma", 3, 1, 0, 2, itp_dpm_step, &DATA_HEUN_SIGMA},
    {ITP_SOLVER_DPMPP_2S_SIGMA, "dpmpp-2s-sigma", 2, 2, 0, 2, itp_2s_step, &DATA_SIGMA},
    {ITP_SOLVER_UNIPC_BH1_2_SIGMA, "unipc-bh1-2-sigma", 2, 1, 0, 2, itp_unipc_step, &BH1_SIGMA},
    {ITP_SOLVER_UNIPC_BH1_3_SIGMA, "unipc-bh1-3-sigma", 3, 1, 0, 2, itp_unipc_step, &BH1_SIGMA},
    {ITP_SOLVER_UNIPC_BH2_2_SIGMA, "unipc-bh2-2-sigma", 2, 1, 0, 2, itp_unipc_step, &BH2_SIGMA},
    {ITP_SOLVER_UNIPC_BH2_3_SIGMA, "unipc-bh2-3-sigma", 3, 1, 0, 2, itp_unipc_step, &BH2_SIGMA},
    {ITP_SOLVER_DPMPP_2S, "dpmpp-2s", 2, 2, 0, 1, itp_2s_step, &DATA},
    {ITP_SOLVER_DPM_2S, "dpm-2s", 2, 2, 0, 1, itp_2s_step, &NOISE},
    {ITP_SOLVER_DPMPP_3S, "dpmpp-3s", 3, 3, 0, 1, itp_etd_step, &DATA_THIRDS},
    {ITP_SOLVER_DPM_3S, "dpm-3s", 3, 3, 0, 1, itp_etd_step, &NOISE_THIRDS},
    {ITP_SOLVER_DPMPP_SINGLESTEP_2, "dpmpp-singlestep-2", 2, 1, 0, 1, itp_block_step, &DATA},
    {ITP_SOLVER_DPMPP_SINGLESTEP_3, "dpmpp-singlestep-3", 3, 1, 0, 1, itp_block_step, &DATA},
    {ITP_SOLVER_DPMPP_SINGLESTEP_2_HEUN, "dpmpp-singlestep-2-heun", 2, 1, 0, 1, itp_block_step, &DATA_HEUN},
    {ITP_SOLVER_DPMPP_SINGLESTEP_3_HEUN, "dpmpp-singlestep-3-heun", 3, 1, 0, 1, itp_block_step, &DATA_HEUN},
    {ITP_SOLVER_DPM_SINGLESTEP_2, "dpm-singlestep-2", 2, 1, 0, 1, itp_block_step, &NOISE},
    {ITP_SOLVER_DPM_SINGLESTEP_3, "dpm-singlestep-3", 3, 1, 0, 1, itp_block_step, &NOISE},
    {ITP_SOLVER_DPM_SINGLESTEP_2_HEUN, "dpm-singlestep-2-heun", 2, 1, 0, 1, itp_block_step, &NOISE_HEUN},
    {ITP_SOLVER_DPM_SINGLESTEP_3_HEUN, "dpm-singlestep-3-heun", 3, 1, 0, 1, itp_block_step, &NOISE_HEUN},
    {ITP_SOLVER_DPMPP_3S_NODES, "dpmpp-3s-nodes", 3, 1, 0, 1, itp_block_step, &DATA_NODES},
    {ITP_SOLVER_DPM_3S_NODES, "dpm-3s-nodes", 3, 1, 0, 1, itp_block_step, &NOISE_NODES},
    {ITP_SOLVER_DEIS_2, "deis-2", 2, 1, 0, 1, itp_deis_step, &NOISE},
    {ITP_SOLVER_DEIS_3, "deis-3", 3, 1, 0, 1, itp_deis_step, &NOISE},
    {ITP_SOLVER_UNIPC_BH1_1, "unipc-bh1-1", 1, 1, 0, 1, itp_unipc_step, &BH1},
    {ITP_SOLVER_UNIPC_BH1_2, "unipc-bh1-2", 2, 1, 0, 1, itp_unipc_step, &BH1},
    {ITP_SOLVER_UNIPC_BH1_3, "unipc-bh1-3", 3, 1, 0, 1, itp_unipc_step, &BH1},
    {ITP_SOLVER_UNIPC_BH2_1, "unipc-bh2-1", 1, 1, 0, 1, itp_unipc_step, &BH2},
    {ITP_SOLVER_UNIPC_BH2_2, "unipc-bh2-2", 2, 1, 0, 1, itp_unipc_step, &BH2},
    {ITP_SOLVER_UNIPC_BH2_3, "unipc-bh2-3", 3, 1, 0, 1, itp_unipc_step, &BH2},
    {ITP_SOLVER_UNIPC_VARY_1, "unipc-vary-1", 1, 1, 0, 1, itp_unipc_step, &DATA},
    {ITP_SOLVER_UNIPC_VARY_2, "unipc-vary-2", 2, 1, 0, 1, itp_unipc_step, &DATA},
    {ITP_SOLVER_UNIPC_VARY_3, "unipc-vary-3", 3, 1, 0, 1, itp_unipc_step, &DATA},
    {ITP_SOLVER_UNIPC_NOISE_BH1_1, "unipc-noise-bh1-1", 1, 1, 0, 1, itp_unipc_step, &NOISE_BH1},
    {ITP_SOLVER_UNIPC_NOISE_BH1_2, "unipc-noise-bh1-2", 2, 1, 0, 1, itp_unipc_step, &NOISE_BH1},
    {ITP_SOLVER_UNIPC_NOISE_BH1_3, "unipc-noise-bh1-3", 3, 1, 0, 1, itp_unipc_step, &NOISE_BH1},
    {ITP_SOLVER_UNIPC_NOISE_BH2_1, "unipc-noise-bh2-1", 1, 1, 0, 1, itp_unipc_step, &NOISE_BH2},
    {ITP_SOLVER_UNIPC_NOISE_BH2_2, "unipc-noise-bh2-2", 2, 1, 0, 1, itp_unipc_step, &NOISE_BH2},
    {ITP_SOLVER_UNIPC_NOISE_BH2_3, "unipc-noise-bh2-3", 3, 1, 0, 1, itp_unipc_step, &NOISE_BH2},
    {ITP_SOLVER_UNIPC_NOISE_VARY_1, "unipc-noise-vary-1", 1, 1, 0, 1, itp_unipc_step, &NOISE},
    {ITP_SOLVER_UNIPC_NOISE_VARY_2, "unipc-noise-vary-2", 2, 1, 0, 1, itp_unipc_step, &NOISE},
    {ITP_SOLVER_UNIPC_NOISE_VARY_3, "unipc-noise-vary-3", 3, 1, 0, 1, itp_unipc_step, &NOISE},
    {ITP_SOLVER_RES_2S, "res-2s", 2, 2, 0, 1, itp_etd_step, &RES_2S},
    {ITP_SOLVER_RES_3S, "res-3s", 3, 3, 0, 1, itp_etd_step, &RES_3S},
    {ITP_SOLVER_RES_2M, "res-2m", 2, 1, 0, 1, itp_deis_step, &DATA},
    {ITP_SOLVER_RES_3M, "res-3m", 3, 1, 0, 1, itp_deis_step, &DATA},
};
enum { COUNT = sizeof SOLVERS / sizeof SOLVERS[0] };

const itp_method *itp_solver_of(int32_t id)
{
    for (int32_t i = 0; i < COUNT; i++) {
        if (SOLVERS[i].id == id) {
            return &SOLVERS[i];
        }
    }
    return NULL;
}

/* Exponential methods, whose order may fall at the end. */
static int lowers_order(const itp_method *solver)
{
    static const itp_step_fn steps[] = {itp_dpm_step,     itp_deis_step, itp_unipc_step,       itp_block_step,
                                        itp_sde_dpm_step, itp_sa_step,   itp_sa_corrected_step};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        if (solver->step == steps[i]) {
            return 1;
        }
    }
    return solver->step == itp_2s_step || solver->step == itp_etd_step;
}

int32_t itp_solver_reads(const itp_method *solver)
{
    int32_t reads = lowers_order(solver) ? ITP_READS_FINAL : 0;
    reads |= solver->stochastic == ITP_TAKES_K ? ITP_READS_K : 0;
    reads |= solver->stochastic ? ITP_READS_NOISE : 0;
    if (solver->stochastic == ITP_OWN_NOISE) {
        reads |= ITP_READS_S_NOISE | (solver->step == itp_edm_heun_step ? ITP_READS_CHURN : ITP_READS_ETA);
    }
    return reads;
}

/* Every other method evaluates the network once in each step. */
static const struct {
    itp_step_fn step;
    itp_stages_fn stages;
} STAGES[] = {
    {itp_rk_step, itp_rk_stages},        {itp_sde_step, itp_sde_stages},
    {itp_pndm_step, itp_pndm_stages},    {itp_2s_step, itp_2s_stages},
    {itp_etd_step, itp_2s_stages},       {itp_2s_ancestral_step, itp_2s_ancestral_stages},
    {itp_dpmpp_sde_step, itp_2s_stages}, {itp_edm_heun_step, itp_edm_heun_stages},
};

int32_t itp_solver_stages(itp_solving *solving, const itp_method *solver, int32_t most, const itp_node *a,
                          const itp_node *b)
{
    for (size_t i = 0; i < sizeof STAGES / sizeof STAGES[0]; i++) {
        if (STAGES[i].step == solver->step) {
            return STAGES[i].stages(solving, solver, most, a, b);
        }
    }
    return 1;
}

/* PNDM spends more than one in its first three steps alone. */
int32_t itp_solver_least_steps(const itp_method *solver, int32_t evaluations)
{
    if (solver->step == itp_pndm_step) {
        int32_t dear = 3 * (solver->evaluations - 1);
        return evaluations > dear ? evaluations - dear : 1;
    }
    return (evaluations + solver->evaluations - 1) / solver->evaluations;
}

int32_t itp_solver_find(const char *name)
{
    for (int32_t i = 0; name && i < COUNT; i++) {
        if (!strcmp(SOLVERS[i].name, name)) {
            return SOLVERS[i].id;
        }
    }
    return name ? ITP_E_UNSUPPORTED : ITP_E_ARGUMENT;
}

const char *itp_solver_name(int32_t id)
{
    const itp_method *solver = itp_solver_of(id);
    return solver ? solver->name : NULL;
}

int32_t itp_solver_id(int32_t i)
{
    return i >= 0 && i < COUNT ? SOLVERS[i].id : 0;
}
