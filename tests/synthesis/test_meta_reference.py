"""Every value of the reference file that the maths offers, through its public functions.

The values come from R (metafor with converged settings) and were derived a second time without R; the file says
how. What the file holds and the maths does not offer is listed in NOT_OFFERED, so that nothing drops out unseen.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import pytest

import evidence.synthesis as maths


REFERENCE = Path(
    os.environ.get("META_REFERENCE", Path(__file__).parents[3] / "shared" / "data" / "meta_reference.json")
)
DATASETS = {d["id"]: d for d in json.loads(REFERENCE.read_text())["datasets"]} if REFERENCE.exists() else {}

RELATIVE, FLOOR = 1e-8, 1e-9  # as the file states; the worst seen is 1e-6 of what they allow
PER_CENT = 1e-7
COUNT_MODEL = 1e-6  # with the 61 nodes of the default

METHODS = {"reml": "reml", "pm": "pm", "dl": "dl", "ml": "ml", "ee": "common"}
SCALES = {"MN": "identity", "ZCOR": "fisher_z", "GEN": "identity"}
DESCRIPTION = {"id", "dataset", "measure", "citation", "notes", "k", "r_data_call", "studies"}
CHECKED = {
    "Q", "reml", "dl", "pm", "ml", "ee", "glmm_exact", "leave_one_out", "subgroup", "meta_regression", "funnel",
}  # fmt: skip
NOT_OFFERED = {
    "double_arcsine": "its back-transform has no right n",
    "arcsine": "given only to read older reviews",
    "trimfill": "no headline may rest on it",
    "glmm_metafor": "seven nodes: not converged",
    "metafor_default_tolerance": "not converged",
}

needs_reference = pytest.mark.skipif(
    not DATASETS, reason=f"no reference values at {REFERENCE.name}: set META_REFERENCE to check against them"
)
each_dataset = pytest.mark.parametrize("dataset", DATASETS or ["none"])


def close(found, expected, relative=RELATIVE, floor=FLOOR):
    """Compare numbers or lists of numbers within the tolerance of the file; None matches None only."""
    if isinstance(expected, list):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            close(a, b, relative, floor)
    elif expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, rel=relative, abs=floor)


def close_p(found, expected):
    """p values below 1e-12 are compared on the log scale, where they say something."""
    if expected and expected < 1e-12:
        close(math.log(found), math.log(expected), 1e-6)
    else:
        close(found, expected)


def close_per_cent(found, expected):
    close(found, expected, relative=0.0, floor=PER_CENT)


def pool(dataset, **options):
    studies = dataset["studies"]
    options.setdefault("labels", [s["study"] for s in studies])
    if dataset["measure"] == "PLO":
        return maths.pool_proportions([s["events"] for s in studies], [s["n"] for s in studies], **options)
    if dataset["measure"] == "IRLN":
        return maths.pool_rates([s["events"] for s in studies], [s["time"] for s in studies], **options)
    options["scale"] = SCALES[dataset["measure"]]
    return maths.pool_estimates(*effects(dataset), **options)


def effects(dataset):
    """Effect sizes from the raw data, by the function for their measure."""
    studies = dataset["studies"]

    def column(name):
        return [s[name] for s in studies]

    if dataset["measure"] == "PLO":
        return maths.logit_effects(column("events"), column("n"))
    if dataset["measure"] == "IRLN":
        return maths.log_rate_effects(column("events"), column("time"))
    if dataset["measure"] == "MN":
        return maths.mean_effects(column("mean"), column("sd"), column("n"))
    if dataset["measure"] == "ZCOR":
        return maths.correlation_effects(column("r"), column("n"))
    return column("yi"), column("vi")


@needs_reference
def test_nothing_in_the_file_is_left_unchecked_without_a_reason():
    fields = {field for dataset in DATASETS.values() for field in dataset}
    assert fields - DESCRIPTION - CHECKED == set(NOT_OFFERED) & fields
    assert fields >= CHECKED
    assert {dataset["measure"] for dataset in DATASETS.values()} >= {"PLO", "MN", "ZCOR"}


@needs_reference
@each_dataset
def test_effect_sizes_from_raw_data(dataset):
    data = DATASETS[dataset]
    y, v = effects(data)
    close(y, [s["yi"] for s in data["studies"]])
    close(v, [s["vi"] for s in data["studies"]])


@needs_reference
@each_dataset
def test_single_study_intervals(dataset):
    for study in DATASETS[dataset]["studies"]:
        if "single" in study:
            x, n, single = study["events"], study["n"], study["single"]
            close(maths.wilson(x, n), single["wilson"])
            close(maths.clopper_pearson(x, n), single["clopper_pearson"])
            close(maths.jeffreys(x, n), single["jeffreys_modified"])
            close(maths.jeffreys(x, n, modified=False), single["jeffreys"])


@needs_reference
@each_dataset
@pytest.mark.parametrize("field", METHODS)
def test_pooled_estimate_with_each_interval(dataset, field):
    data = DATASETS[dataset]
    expected = data[field]
    pooled = {ci: pool(data, method=METHODS[field], ci_method=ci) for ci in ("wald", "hksj", "hksj_adhoc")}
    for found in pooled.values():
        assert found.k == expected["k"]
        close(found.estimate, expected["est"])
        close(found.back(found.estimate), expected["est_back"])
        close(found.tau2, expected["tau2"])
        close(found.loglik, expected["loglik"])
        close_per_cent(found.i2, expected["I2"])
        close(found.h2, expected["H2"])
        close(found.se_wald, expected["se"])
    wald = pooled["wald"]
    close(wald.se, expected["se"])
    close(wald.statistic, expected["zval"])
    close_p(wald.p_value, expected["pval"])
    close(wald.ci, expected["ci_z"])
    close(wald.back_interval(wald.ci), expected["ci_z_back"])
    for ci, prediction in (("hksj", "knha"), ("hksj_adhoc", "adhoc")):
        found, adjusted = pooled[ci], expected[ci]
        close(found.se, adjusted["se"])
        close((max(1.0, found.hksj_q) if ci == "hksj_adhoc" else found.hksj_q), adjusted["q"])
        close(found.statistic, adjusted["tval"])
        close_p(found.p_value, adjusted["pval"])
        close(found.ci, adjusted["ci"])
        close(found.back_interval(found.ci), expected[f"ci_{ci}_back"])
        if field != "ee":
            close(found.prediction_interval, expected["pi"][prediction])
            close(found.back_interval(found.prediction_interval), expected["pi_back"][prediction])
    if field == "ee":
        assert wald.prediction_interval is None
    else:
        close(wald.prediction_interval, expected["pi"]["z"])


@needs_reference
@each_dataset
def test_weights_and_q_profile(dataset):
    data = DATASETS[dataset]
    pooled = pool(data)
    close(pooled.weights, data["reml"]["weights_pct"])
    close(pooled.tau2_ci, data["reml"]["qprofile"]["tau2_ci"])
    close_per_cent(pooled.i2_ci, data["reml"]["qprofile"]["I2_ci"])


@needs_reference
@each_dataset
def test_cochran_q_and_the_q_version_of_i2(dataset):
    data = DATASETS[dataset]
    pooled, expected = pool(data), data["Q"]
    close(pooled.q, expected["Q"])
    assert pooled.q_df == expected["df"]
    close_p(pooled.q_p, expected["pval"])
    close_per_cent(pooled.i2_q, expected["I2_Q"])
    close_per_cent(maths.i2_q_interval(pooled.q, pooled.k), expected["I2_Q_ci_ht"])


@needs_reference
@each_dataset
def test_leave_one_out(dataset):
    data = DATASETS[dataset]
    left_out = {ci: pool(data, ci_method=ci).leave_one_out for ci in ("wald", "hksj", "hksj_adhoc")}
    assert len(left_out["wald"]) == len(data["leave_one_out"])
    for i, expected in enumerate(data["leave_one_out"]):
        found = left_out["wald"][i]
        assert found.omitted == expected["omitted"]
        close(found.estimate, expected["est"])
        close(found.se, expected["se"])
        close(found.ci, expected["ci_z"])
        close(left_out["hksj"][i].ci, expected["ci_hksj"])
        close(left_out["hksj_adhoc"][i].ci, expected["ci_hksj_adhoc"])
        close(found.tau2, expected["tau2"])
        close_per_cent(found.i2, expected["I2"])
        close(found.q, expected["Q"])


@needs_reference
@each_dataset
def test_count_model(dataset):
    data = DATASETS[dataset]
    if "glmm_exact" not in data:
        assert data["measure"] not in ("PLO", "IRLN")
        return
    expected = data["glmm_exact"]
    with_t, with_z = pool(data, method="glmm"), pool(data, method="glmm", ci_method="wald")
    for found, field in (
        (with_t.estimate, "est"),
        (with_t.se, "se"),
        (with_t.tau2, "tau2"),
        (with_t.tau, "tau"),
        (with_t.loglik, "loglik"),
        (with_t.ci, "ci_t_km1"),
        (with_t.prediction_interval, "pi_t_km1"),
        (with_z.ci, "ci_z"),
        (with_t.back(with_t.estimate), "est_back"),
        (with_t.back_interval(with_t.ci), "ci_t_km1_back"),
        (with_t.back_interval(with_t.prediction_interval), "pi_t_km1_back"),
    ):
        close(found, expected[field], COUNT_MODEL)


@needs_reference
@each_dataset
def test_subgroups(dataset):
    data = DATASETS[dataset]
    if "subgroup" not in data:
        assert pool(data).subgroups is None
        return
    groups = [s.get("group") for s in data["studies"]]
    found, wald = (pool(data, groups=groups, ci_method=ci).subgroups for ci in ("hksj_adhoc", "wald"))
    expected = data["subgroup"]
    assert found.k_used == expected["k_used"]
    assert len(found.groups) == len(expected["groups"])
    for group, plain, values in zip(found.groups, wald.groups, expected["groups"], strict=True):
        assert (group.group, group.k) == (values["group"], values["k"])
        close(group.estimate, values["est"])
        close(group.se_wald, values["se"])
        close(plain.ci, values["ci_z"])
        close(group.tau2, values["tau2"])
        close(group.q, values["Q"])
        if group.k > 1:
            close(group.ci, values["ci_hksj_adhoc"])
            close_per_cent(group.i2, values["I2"])
            close_p(group.q_p, values["Qp"])
    between = expected["separate_tau2"]
    close(found.separate_tau2.q_between, between["Q_between"])
    assert found.separate_tau2.df == between["df"]
    close_p(found.separate_tau2.p, between["pval"])
    common = expected["common_tau2"]
    for ours, theirs in (
        ("tau2", "tau2"), ("qm", "QM"), ("df", "df"), ("qe", "QE"), ("coef", "coef"), ("coef_se", "coef_se"),
        ("f", "F_knha"), ("f_df", "F_df"),
    ):  # fmt: skip
        close(getattr(found.common_tau2, ours), common[theirs])
    close_p(found.common_tau2.qm_p, common["pval"])
    close_p(found.common_tau2.qe_p, common["QEp"])
    close_p(found.common_tau2.f_p, common["F_pval"])


@needs_reference
@each_dataset
def test_meta_regression(dataset):
    data = DATASETS[dataset]
    if "meta_regression" not in data:
        return
    expected = data["meta_regression"]
    found = maths.meta_regression(*effects(data), [s.get("moderator") for s in data["studies"]])
    assert (found.k, found.df) == (expected["k_used"], expected["df_resid"])
    for ours, theirs in (
        ("coef", "coef"), ("se", "se"), ("se_knha", "se_knha"), ("se_adhoc", "se_adhoc"),
        ("tau2", "tau2_resid"), ("qe", "QE"), ("qm", "QM"),
    ):  # fmt: skip
        close(getattr(found, ours), expected[theirs])
    close([interval.low for interval in found.ci], expected["ci_knha_lb"])
    close([interval.high for interval in found.ci], expected["ci_knha_ub"])
    close_per_cent(found.r2, expected["R2_pct"])
    for ours, theirs in ((found.p_z, "pval_z"), (found.p, "pval_knha")):
        for p, value in zip(ours, expected[theirs], strict=True):
            close_p(p, value)
    close_p(found.qe_p, expected["QEp"])
    close_p(found.qm_p, expected["QMp"])


@needs_reference
@each_dataset
def test_small_study_tests(dataset):
    data = DATASETS[dataset]
    if "funnel" not in data:
        assert data["k"] < 10
        return
    y, v = effects(data)
    tests = {"egger_lm": maths.egger_test(y, v), "egger_reml": maths.egger_test(y, v, model="reml")}
    if "peters_lm" in data["funnel"]:
        tests["peters_lm"] = maths.peters_test(y, v, [s["n"] for s in data["studies"]])
    if "peters_uncorrected" in data["funnel"]:
        inner = [s for s in data["studies"] if 0 < s["events"] < s["n"]]
        raw = maths.logit_effects([s["events"] for s in inner], [s["n"] for s in inner])
        expected = data["funnel"]["peters_uncorrected"]
        found = maths.peters_test(*raw, [s["n"] for s in inner])
        assert found.k == expected["k_used"]
        close([found.slope, found.slope_se, found.statistic, found.p], [
            expected["slope"], expected["slope_se"], expected["tval"], expected["pval"],
        ])  # fmt: skip
    for name, found in tests.items():
        expected = data["funnel"][name]
        close(found.slope, expected["slope"])
        close(found.slope_se, expected["slope_se"])
        close(found.statistic, expected["zval"])
        close_p(found.p, expected["pval"])
        close(found.limit, expected["est_limit"])
        close(found.limit_ci, expected["ci_limit"])
        assert found.df == (expected["df"] or math.inf)


def test_edge_cases_by_the_functions_without_guards(reference):
    for case in reference["edge_cases"]:
        x, n = [s["events"] for s in case["studies"]], [s["n"] for s in case["studies"]]
        if "reml_if_forced" not in case:
            with pytest.raises(maths.PoolingRefused):
                maths.pool_proportions(x, n)
            continue
        expected = case["reml_if_forced"]
        y, v = maths.logit_effects(x, n)
        close(y, [s["yi"] for s in case["studies"]])
        for ci, prediction in (("wald", "z"), ("hksj", "knha"), ("hksj_adhoc", "adhoc")):
            found = maths.fit_random_effects(y, v, ci_method=ci)
            close(found.estimate, expected["est"])
            close(found.tau2, expected["tau2"])
            close(found.ci, expected["ci_z"] if ci == "wald" else expected[ci]["ci"])
            close(found.prediction_interval, expected["pi"][prediction])
            close(found.weights, expected["weights_pct"])
        close(maths.q_profile(y, v), expected["qprofile"]["tau2_ci"])


def test_agreement_of_two(reference):
    for case in reference["agreement"]:
        table = case["table"]
        agreed = maths.percent_agreement(table)
        close(agreed.share, case["percent_agreement"])
        close(agreed.ci, case["percent_agreement_wilson"])
        kappa = maths.cohen_kappa(table)
        close([kappa.estimate, kappa.se], [case["kappa"]["coef"], case["kappa"]["ase"]])
        close(kappa.ci, case["kappa"]["ci_z"])
        for weights in ("linear", "quadratic"):
            weighted, expected = maths.cohen_kappa(table, weights), case[f"kappa_{weights}"]
            close([weighted.estimate, weighted.se], [expected["coef"], expected["ase"]])
        ac1, expected = maths.gwet_ac1(table), case["gwet_ac1"]
        close([ac1.estimate, ac1.se, ac1.observed, ac1.expected], [
            expected["coef"], expected["se"], expected["pa"], expected["pe"],
        ])  # fmt: skip
        close(ac1.ci, expected["ci"])
        pairs = [(i, j) for i, row in enumerate(table, 1) for j, n in enumerate(row, 1) for _ in range(n)]
        for level, expected in case["krippendorff_alpha"].items():
            close(maths.krippendorff_alpha(list(zip(*pairs, strict=True)), level), expected)


def test_agreement_of_many_with_gaps(reference):
    for case in reference["agreement_multirater"]:
        for level, expected in case["alpha"].items():
            close(maths.krippendorff_alpha(case["ratings_by_observer"], level), expected)


def test_benchmark_ratios(reference):
    for case in reference["benchmark_ratio"]:
        x, n, bx, bn = (case[name] for name in ("events", "n", "benchmark_events", "benchmark_n"))
        found = maths.benchmark_ratio(x, n, benchmark_events=bx, benchmark_n=bn)
        for name in (
            "ratio", "benchmark_fixed_wilson", "benchmark_fixed_clopper_pearson", "koopman_score", "mover_wilson",
        ):  # fmt: skip
            close(getattr(found, name), case[name])
        assert found.ci == found.koopman_score
        close(maths.benchmark_ratio(x, n, benchmark=bx / bn).ci, case["benchmark_fixed_wilson"])


def test_standardised_ratios(reference):
    for case in reference["standardised_ratio"]:
        found = maths.standardised_ratio(case["observed"], case["expected"])
        close(found.ratio, case["sir"])
        close(found.ci, case["exact_poisson"])


def test_bounds_with_unknowns(reference):
    for case in reference["bounds"]:
        found = maths.unknown_bounds(case["known"], case["unknown"], case["total"])
        for ours, theirs in (
            ("lower", "lower"), ("upper", "upper"), ("complete_case", "complete_case"), ("outer", "wilson_outer"),
            ("imbens_manski", "imbens_manski_ci"), ("imbens_manski_c", "imbens_manski_c"),
        ):  # fmt: skip
            close(getattr(found, ours), case[theirs])


def test_votes_and_combined_p_values(reference):
    for case in reference["vote_counting"]:
        found = maths.direction_vote(case["above"], case["below"])
        close([found.share, found.p], [case["share"], case["sign_test_p"]])
        close(found.ci, case["exact_ci"])
        close(found.wilson, case["wilson"])
    for case in reference["combined_p"]:
        combined = maths.combine_p_values(case["p"])
        close([combined.chi2, combined.df, combined.p], [case["fisher_chisq"], case["df"], case["fisher_p"]])
