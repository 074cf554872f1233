"""Wrong answers to the questions of lln_clt, each with one wrong step; the docstring is the hint for its author."""

import matplotlib.pyplot as plt
import numpy as np
from scipy import integrate, stats
from scipy.special import ndtr

from solutions.banks import mistake_of
from solutions.lln_clt import (
    ecdf,
    ecdf_at,
    mise,
    mixture_moments,
    running_means,
    sample_mixture,
)

# ---- running_means --------------------------------------------------------------------------------------------------


@mistake_of("running_means")
def divides_from_zero(x):
    """Which number is the first of your sums divided by? Print your divisors beside the columns."""
    return np.cumsum(x, axis=1) / np.arange(x.shape[1])


@mistake_of("running_means")
def divides_from_two(x):
    """The first column should be that of x itself, and yours is only half of it. Print your divisors."""
    return np.cumsum(x, axis=1) / np.arange(2, x.shape[1] + 2)


@mistake_of("running_means")
def sums_not_divided(x):
    """Your numbers grow with n if all of x is 1. What turns a sum into a mean?"""
    return np.cumsum(x, axis=1)


@mistake_of("running_means")
def divides_all_by_n(x):
    """The last column is right. Is the sum of the first two numbers divided by two in your code?"""
    return np.cumsum(x, axis=1) / x.shape[1]


@mistake_of("running_means")
def means_down_the_columns(x):
    """Each sample is a row. Along which axis do you add up, and along which should a trajectory run?"""
    return np.cumsum(x, axis=0) / np.arange(1, len(x) + 1)[:, np.newaxis]


@mistake_of("running_means")
def one_sum_through_all_rows(x):
    """Right for a single row. Where does the sum of the second row begin in your code?"""
    return np.cumsum(x).reshape(x.shape) / np.arange(1, x.shape[1] + 1)


@mistake_of("running_means")
def means_of_whole_rows(x):
    """That is the last mean of each row. Where are the ones on the way there?"""
    return x.mean(axis=1)


@mistake_of("running_means")
def mean_trajectory_of_all_rows(x):
    """You put all samples together before the trajectory begins. How many rows should come back?"""
    return np.cumsum(x.mean(axis=0)) / np.arange(1, x.shape[1] + 1)


@mistake_of("running_means")
def sums_written_into_x(x):
    """Your means are right. Print x before and after the call: is it the same?"""
    return np.cumsum(x, axis=1, out=x) / np.arange(1, x.shape[1] + 1)


@mistake_of("running_means")
def single_precision_means(x):
    """About seven digits are right and the rest isn't. What dtype does the array have that you fill?"""
    means = np.empty(x.shape, dtype=np.float32)
    for i in range(x.shape[1]):
        means[:, i] = x[:, : i + 1].mean(axis=1)
    return means


@mistake_of("running_means")
def mean_of_those_before(x):
    """Your trajectory is one step late: does the mean of the first n numbers count the n-th one?"""
    means = np.zeros(x.shape)
    for i in range(1, x.shape[1]):
        means[:, i] = x[:, :i].mean(axis=1)
    return means


@mistake_of("running_means")
def old_mean_and_new_number_halved(x):
    """Right for two numbers. How much should the third one weigh against the mean of the first two?"""
    means = np.array(x, dtype=float)
    for i in range(1, x.shape[1]):
        means[:, i] = (means[:, i - 1] + x[:, i]) / 2
    return means


@mistake_of("running_means")
def last_number_left_out(x):
    """How many columns has x, and how many has your result? Look at where your loop ends."""
    return np.array([x[:, :i].mean(axis=1) for i in range(1, x.shape[1])]).T


@mistake_of("running_means")
def first_row_for_all(x):
    """Right for a single row. Which row of x do your sums come from, in the second row of the result?"""
    means = np.cumsum(x[0]) / np.arange(1, x.shape[1] + 1)
    return np.tile(means, (len(x), 1))


# ---- simulate_running_means -----------------------------------------------------------------------------------------


@mistake_of("simulate_running_means")
def fresh_sample_for_each_n(nu, n, M, rng):
    """Each of your means is right on its own. Take two that stand side by side: do they share their numbers, as two
    means of one growing sample do?"""
    return np.stack([rng.standard_t(nu, size=(M, i)).mean(axis=1) for i in range(1, n + 1)], axis=1)


@mistake_of("simulate_running_means")
def one_sample_for_all_rows(nu, n, M, rng):
    """Plot your rows: how many different trajectories do you see? Count the random numbers that you draw."""
    return np.tile(running_means(rng.standard_t(nu, size=(1, n))), (M, 1))


@mistake_of("simulate_running_means")
def scipy_without_the_generator(nu, n, M, rng):
    """Call it twice with equal generators and compare. Where does your line take its random numbers from?"""
    return running_means(stats.t.rvs(df=nu, size=(M, n)))


@mistake_of("simulate_running_means")
def seeded_before_drawing(nu, n, M, rng):
    """Call it twice with different generators and compare. Which generator do your numbers come from?"""
    rng = np.random.default_rng(0)
    return running_means(rng.standard_t(nu, size=(M, n)))


@mistake_of("simulate_running_means")
def three_degrees_always(nu, n, M, rng):
    """Try several numbers of degrees of freedom: does your picture change as it should?"""
    return running_means(rng.standard_t(3, size=(M, n)))


@mistake_of("simulate_running_means")
def one_two_or_three_degrees(nu, n, M, rng):
    """Degrees of freedom need not be whole numbers. What does your code draw for those in between?"""
    if nu <= 1:
        x = rng.standard_cauchy((M, n))
    elif nu <= 2:
        x = rng.standard_t(2, size=(M, n))
    else:
        x = rng.standard_t(3, size=(M, n))
    return running_means(x)


@mistake_of("simulate_running_means")
def rows_and_their_mirror_images(nu, n, M, rng):
    """Compare your first row with your last one. How many of your samples have you really drawn?"""
    half = rng.standard_t(nu, size=((M + 1) // 2, n))
    return running_means(np.concatenate([half, -half[: M // 2][::-1]]))


@mistake_of("simulate_running_means")
def rows_out_of_one_pool(nu, n, M, rng):
    """Sort the first column: some numbers stand there twice. Where do the numbers of two rows come from?"""
    return running_means(rng.choice(rng.standard_t(nu, size=20_000), size=(M, n)))


@mistake_of("simulate_running_means")
def simulated_sums_over_one_less(nu, n, M, rng):
    """Look at the first two columns of your result. Which number is each of the sums divided by?"""
    return np.cumsum(rng.standard_t(nu, size=(M, n)), axis=1) / np.maximum(np.arange(n), 1)


@mistake_of("simulate_running_means")
def simulated_sums_over_one_more(nu, n, M, rng):
    """Your trajectories begin too close to 0. Which number is each of the sums divided by?"""
    return np.cumsum(rng.standard_t(nu, size=(M, n)), axis=1) / (np.arange(1, n + 1) + 1)


@mistake_of("simulate_running_means")
def numbers_not_averaged(nu, n, M, rng):
    """The numbers themselves are right. Is a trajectory of them what is asked for?"""
    return rng.standard_t(nu, size=(M, n))


@mistake_of("simulate_running_means")
def a_column_for_each_sample(nu, n, M, rng):
    """The numbers are right. Compare the shape of your array with the one asked for."""
    return running_means(rng.standard_t(nu, size=(M, n))).T


@mistake_of("simulate_running_means")
def averaged_across_the_samples(nu, n, M, rng):
    """The shape is right. Follow one row from left to right: are these means of more and more numbers?"""
    x = rng.standard_t(nu, size=(M, n))
    return np.cumsum(x, axis=0) / np.arange(1, M + 1)[:, None]


@mistake_of("simulate_running_means")
def chi_square_not_divided(nu, n, M, rng):
    """A t variable is a quotient, and yours is right for nu = 1. What is missing in its denominator?"""
    return running_means(rng.standard_normal((M, n)) / np.sqrt(rng.chisquare(nu, (M, n))))


@mistake_of("simulate_running_means")
def one_denominator_for_a_row(nu, n, M, rng):
    """Each number by itself has the right distribution. What do the numbers of one row have in common in your code?"""
    z = rng.standard_normal((M, n))
    return running_means(z / np.sqrt(rng.chisquare(nu, (M, 1)) / nu))


# ---- plot_spaghetti -------------------------------------------------------------------------------------------------


def _labelled(ax):
    ax.set_xlabel("sample size")
    ax.set_ylabel("running mean")


@mistake_of("plot_spaghetti")
def lines_for_the_columns(means):
    """How many lines does your figure have, and how many rows has means? Look up what plot does with a matrix."""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, len(means) + 1), means)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def sizes_from_zero(means):
    """The heights are right. At which sample size does your first point stand?"""
    fig, ax = plt.subplots()
    ax.plot(means.T, linewidth=0.5)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def clouds_of_dots(means):
    """Nobody can follow a sample through your figure. What should join the points of one trajectory?"""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, means.shape[1] + 1), means.T, ".", markersize=2)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def scattered_row_by_row(means):
    """Is a scatter of points a trajectory? Which other method of the axes joins them?"""
    fig, ax = plt.subplots()
    for row in means:
        ax.scatter(range(1, len(row) + 1), row, s=3)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def trajectories_without_labels(means):
    """The lines are right. What would somebody need who sees this figure for the first time?"""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, means.shape[1] + 1), means.T)
    ax.set_title("Running means")
    return fig


@mistake_of("plot_spaghetti")
def horizontal_label_only(means):
    """The lines are right. One of the two axes still has no name."""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, means.shape[1] + 1), means.T)
    ax.set_xlabel("sample size")
    return fig


@mistake_of("plot_spaghetti")
def mean_of_the_trajectories(means):
    """There is one line in your figure. Where are the single samples?"""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, means.shape[1] + 1), means.mean(axis=0))
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def first_trajectory_alone(means):
    """Each sample has its own trajectory. How many of them does your figure show?"""
    fig, ax = plt.subplots()
    ax.plot(np.arange(1, means.shape[1] + 1), means[0])
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def averaged_a_second_time(means):
    """The argument holds running means already. What does your code do with them before it draws them?"""
    fig, ax = plt.subplots()
    sizes = np.arange(1, means.shape[1] + 1)
    ax.plot(sizes, (np.cumsum(means, axis=1) / sizes).T)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def one_line_through_all_rows(means):
    """Where one trajectory ends your line goes back to the left and on to the next. How many lines should there be?"""
    fig, ax = plt.subplots()
    rows, columns = means.shape
    ax.plot(np.tile(np.arange(1, columns + 1), rows), means.ravel(), linewidth=0.5)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def a_figure_for_each_row(means):
    """You open a figure for each sample. Which one comes back from your function?"""
    for row in means:
        fig, ax = plt.subplots()
        ax.plot(np.arange(1, len(row) + 1), row)
        _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def sizes_on_the_vertical_axis(means):
    """The numbers are right. Which of the two belongs on the horizontal axis?"""
    fig, ax = plt.subplots()
    ax.plot(means.T, np.arange(1, means.shape[1] + 1))
    ax.set(xlabel="running mean", ylabel="sample size")
    return fig


@mistake_of("plot_spaghetti")
def last_sample_size_missing(means):
    """Do your lines end at n? Look at the last number that range gives, and at the columns that you draw."""
    fig, ax = plt.subplots()
    n = means.shape[1]
    for row in means:
        ax.plot(range(1, n), row[: n - 1])
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def cut_to_the_panel_in_place(means):
    """Setting the limits of an axis is enough. What has become of the large means in the array of your caller?"""
    fig, ax = plt.subplots()
    np.clip(means, -1, 1, out=means)
    ax.plot(np.arange(1, means.shape[1] + 1), means.T)
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def trajectories_made_invisible(means):
    """You have drawn more than a reader can see. Which of your lines have a width, a color and some opacity?"""
    fig, ax = plt.subplots()
    sizes = np.arange(1, means.shape[1] + 1)
    ax.plot(sizes, means.T, linewidth=0)
    ax.plot(sizes, means.mean(axis=0))
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def raw_numbers_beside_the_means(means):
    """Your figure shows other curves than the trajectories as well. Which of its lines were asked for?"""
    fig, ax = plt.subplots()
    sizes = np.arange(1, means.shape[1] + 1)
    ax.plot(sizes, means.T)
    ax.plot(sizes, np.diff(means * sizes, axis=1, prepend=0).T, color="lightgray")
    _labelled(ax)
    return fig


@mistake_of("plot_spaghetti")
def spaghetti_not_returned(means):
    """Your figure is drawn. What does the function give back to its caller?"""
    plt.figure()
    plt.plot(np.arange(1, means.shape[1] + 1), means.T)
    plt.xlabel("sample size")
    plt.ylabel("running mean")


# ---- tail_probabilities ---------------------------------------------------------------------------------------------


@mistake_of("tail_probabilities")
def upper_tail_alone(nu, sample_sizes, M, eps, rng):
    """A mean of -5 is far from 0, too. Is it counted?"""
    return np.array([np.mean(rng.standard_t(nu, size=(M, n)).mean(axis=1) > eps) for n in sample_sizes])


@mistake_of("tail_probabilities")
def share_of_those_inside(nu, sample_sizes, M, eps, rng):
    """Does your probability rise or fall as the sample grows? Look at the sign between the mean and eps."""
    return np.array([np.mean(np.abs(rng.standard_t(nu, size=(M, n)).mean(axis=1)) <= eps) for n in sample_sizes])


@mistake_of("tail_probabilities")
def counts_instead_of_shares(nu, sample_sizes, M, eps, rng):
    """A probability is between 0 and 1. What is left to do with your counts?"""
    return np.array([np.sum(np.abs(rng.standard_t(nu, size=(M, n)).mean(axis=1)) > eps) for n in sample_sizes])


@mistake_of("tail_probabilities")
def tails_of_three_degrees(nu, sample_sizes, M, eps, rng):
    """Compare your curves for different degrees of freedom. Where does nu come into your code?"""
    return np.array([np.mean(np.abs(rng.standard_t(3, size=(M, n)).mean(axis=1)) > eps) for n in sample_sizes])


@mistake_of("tail_probabilities")
def whole_degrees_only(nu, sample_sizes, M, eps, rng):
    """Try nu = 1.5: your curve is that of another nu. Which numbers can degrees of freedom be?"""
    shares = []
    for n in sample_sizes:
        squares = (rng.normal(size=(M, n, int(nu))) ** 2).sum(axis=2)
        means = (rng.normal(size=(M, n)) / np.sqrt(squares / int(nu))).mean(axis=1)
        shares.append(np.mean(np.abs(means) > eps))
    return np.array(shares)


@mistake_of("tail_probabilities")
def windows_of_one_series(nu, sample_sizes, M, eps, rng):
    """The second of your samples shares all numbers but one with the first. What should two samples have in common?"""
    shares = []
    for n in sample_sizes:
        series = rng.standard_t(nu, size=M + n - 1)
        windows = np.lib.stride_tricks.sliding_window_view(series, n)
        shares.append(np.mean(np.abs(windows.mean(axis=1)) > eps))
    return np.array(shares)


@mistake_of("tail_probabilities")
def half_of_the_samples_mirrored(nu, sample_sizes, M, eps, rng):
    """A sample and its mirror image have means of the same size. How many of your M samples have you really drawn?"""
    shares = []
    for n in sample_sizes:
        half = rng.standard_t(nu, size=((M + 1) // 2, n))
        samples = np.concatenate([half, -half])[:M]
        shares.append(np.mean(np.abs(samples.mean(axis=1)) > eps))
    return np.array(shares)


@mistake_of("tail_probabilities")
def tails_from_global_numbers(nu, sample_sizes, M, eps, rng):
    """Call it twice with equal generators and compare. Where does your line take its random numbers from?"""
    return [np.mean(np.abs(np.random.standard_t(nu, size=(M, n)).mean(axis=1)) > eps) for n in sample_sizes]


@mistake_of("tail_probabilities")
def tails_seeded_inside(nu, sample_sizes, M, eps, rng):
    """Call it twice with different generators and compare. Which generator do your numbers come from?"""
    own = np.random.default_rng(997)
    return [np.mean(np.abs(own.standard_t(nu, size=(M, n)).mean(axis=1)) > eps) for n in sample_sizes]


@mistake_of("tail_probabilities")
def magnified_by_root_n(nu, sample_sizes, M, eps, rng):
    """Your probabilities don't fall, even where the law holds. What is compared with eps: the mean, or a multiple?"""
    return [np.mean(np.sqrt(n) * np.abs(rng.standard_t(nu, (M, n)).mean(axis=1)) > eps) for n in sample_sizes]


@mistake_of("tail_probabilities")
def mean_of_absolute_values(nu, sample_sizes, M, eps, rng):
    """Right for samples of size 1. In which order do you take the mean and the absolute value?"""
    return np.array([np.mean(np.abs(rng.standard_t(nu, size=(M, n))).mean(axis=1) > eps) for n in sample_sizes])


@mistake_of("tail_probabilities")
def one_column_too_far(nu, sample_sizes, M, eps, rng):
    """Taking all sizes from one set of samples is fine. In which column does the mean of the first n numbers stand?"""
    means = running_means(rng.standard_t(nu, size=(M, max(sample_sizes) + 1)))
    return np.mean(np.abs(means[:, np.asarray(sample_sizes)]) > eps, axis=0)


@mistake_of("tail_probabilities")
def from_the_smallest_size_on(nu, sample_sizes, M, eps, rng):
    """Try sample sizes that don't come in increasing order: does each estimate still belong to its own n?"""
    return [np.mean(np.abs(rng.standard_t(nu, (M, n)).mean(axis=1)) > eps) for n in sorted(sample_sizes)]


@mistake_of("tail_probabilities")
def lecture_epsilon_fixed(nu, sample_sizes, M, eps, rng):
    """Right for the lecture's setting. Where does eps come into your code?"""
    return [np.mean(np.abs(rng.standard_t(nu, (M, n)).mean(axis=1)) > 0.1) for n in sample_sizes]


@mistake_of("tail_probabilities")
def means_over_the_wrong_axis(nu, sample_sizes, M, eps, rng):
    """How many means do you have for each n? Print their shape, and look at the axis that you average over."""
    return [np.mean(np.abs(rng.standard_t(nu, (M, n)).mean(axis=0)) > eps) for n in sample_sizes]


# ---- plot_tail ------------------------------------------------------------------------------------------------------


@mistake_of("plot_tail")
def tail_without_sizes(sample_sizes, probabilities):
    """The heights are right. Look at the numbers along the axis below them: are these the sample sizes?"""
    fig, ax = plt.subplots()
    ax.plot(probabilities, "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def tail_on_its_side(sample_sizes, probabilities):
    """The numbers are right. Which of the two belongs on the horizontal axis?"""
    fig, ax = plt.subplots()
    ax.plot(probabilities, sample_sizes, "o-")
    ax.set(xlabel="probability", ylabel="n")
    return fig


@mistake_of("plot_tail")
def tail_as_dots(sample_sizes, probabilities):
    """A line is asked for. What should join your points?"""
    fig, ax = plt.subplots()
    ax.scatter(sample_sizes, probabilities)
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def tail_as_bars(sample_sizes, probabilities):
    """A line is asked for. Which method of the axes draws one?"""
    fig, ax = plt.subplots()
    ax.bar(sample_sizes, probabilities, width=20)
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def tail_without_labels(sample_sizes, probabilities):
    """The line is right. What would somebody need who sees this figure for the first time?"""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes, probabilities, "o-")
    ax.set_title("Tail probabilities")
    return fig


@mistake_of("plot_tail")
def tail_with_one_label(sample_sizes, probabilities):
    """The line is right. One of the two axes still has no name."""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes, probabilities, "o-")
    ax.set_ylabel("probability")
    return fig


@mistake_of("plot_tail")
def probabilities_of_staying_inside(sample_sizes, probabilities):
    """Your line rises where the probabilities fall. What do you do with them before you draw them?"""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes, 1 - np.asarray(probabilities), "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def logarithms_of_both(sample_sizes, probabilities):
    """You draw logarithms of the numbers. Draw the numbers themselves; an axis can have a logarithmic scale."""
    fig, ax = plt.subplots()
    ax.plot(np.log10(sample_sizes), np.log10(probabilities), "o-")
    ax.set(xlabel="log n", ylabel="log probability")
    return fig


@mistake_of("plot_tail")
def lecture_sizes_drawn(sample_sizes, probabilities):
    """Right for the lecture's sample sizes. Which ones was your function given?"""
    fig, ax = plt.subplots()
    ax.plot(50 * np.arange(1, len(probabilities) + 1), probabilities, "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def heights_sorted(sample_sizes, probabilities):
    """A curve of estimates may rise here and there. Does each of your points still stand above its own n?"""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes, sorted(probabilities, reverse=True), "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def right_line_transparent(sample_sizes, probabilities):
    """What you compute is right, but can it be seen? Look at the line that your figure really shows."""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes, probabilities, alpha=0)
    ax.plot(sample_sizes, 1 - np.asarray(probabilities), "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def line_among_many_guesses(sample_sizes, probabilities):
    """One line was asked for. How should a reader find it among all that you draw?"""
    fig, ax = plt.subplots()
    p = np.asarray(probabilities)
    for factor in np.linspace(0.5, 1.5, 11):
        ax.plot(sample_sizes, factor * p)
    ax.set(xlabel="n", ylabel="probability")
    return fig


@mistake_of("plot_tail")
def tail_not_returned(sample_sizes, probabilities):
    """Your figure is drawn. What does the function give back to its caller?"""
    plt.figure()
    plt.plot(sample_sizes, probabilities, "o-")
    plt.xlabel("n")
    plt.ylabel("probability")


@mistake_of("plot_tail")
def points_removed_from_the_front(sample_sizes, probabilities):
    """Count the points of your line. What has become of the first one?"""
    fig, ax = plt.subplots()
    ax.plot(sample_sizes[1:], probabilities[1:], "o-")
    ax.set(xlabel="n", ylabel="probability")
    return fig


# ---- cauchy_tail ----------------------------------------------------------------------------------------------------


@mistake_of("cauchy_tail")
def upper_side_of_cauchy(eps):
    """Yours is 1/2 for eps = 0. What is the probability of being farther than 0 from 0?"""
    return 0.5 - np.arctan(eps) / np.pi


@mistake_of("cauchy_tail")
def inside_of_cauchy(eps):
    """Should your function rise or fall as eps grows? See what it says for eps = 0."""
    return 2 / np.pi * np.arctan(eps)


@mistake_of("cauchy_tail")
def one_side_taken_away(eps):
    """Right for eps = 0. Far out something remains: did you take away both sides of the interval?"""
    return 1 - np.arctan(eps) / np.pi


@mistake_of("cauchy_tail")
def cauchy_distribution_function(eps):
    """That is the probability of one event about X. Is it the one about |X|?"""
    return 0.5 + np.arctan(eps) / np.pi


@mistake_of("cauchy_tail")
def tail_of_the_normal(eps):
    """Your tail falls too fast. Which distribution has it?"""
    return 2 * ndtr(-eps)


@mistake_of("cauchy_tail")
def tail_of_student_three(eps):
    """It is the tail of a t distribution, but which? Look at the degrees of freedom."""
    return 2 * stats.t.sf(eps, df=3)


@mistake_of("cauchy_tail")
def tangent_for_its_inverse(eps):
    """Your function leaves the interval from 0 to 1. Which function has the derivative 1/(1 + x^2)?"""
    return 1 - 2 / np.pi * np.tan(eps)


@mistake_of("cauchy_tail")
def angle_in_degrees(eps):
    """Your integral is the right one. In which unit is your angle measured?"""
    return 1 - 2 / np.pi * np.degrees(np.arctan(eps))


@mistake_of("cauchy_tail")
def density_at_both_ends(eps):
    """That is how dense the values lie at two points. What turns a density into a probability?"""
    return 2 / (np.pi * (1 + eps**2))


@mistake_of("cauchy_tail")
def pi_forgotten(eps):
    """For large eps your function doesn't tend to 0. Does your density integrate to 1?"""
    return 1 - 2 * np.arctan(eps)


@mistake_of("cauchy_tail")
def integral_with_an_end(eps):
    """Nearly right. Your integral ends somewhere; how much of such heavy tails lies beyond?"""
    return 2 * integrate.quad(lambda x: 1 / (np.pi * (1 + x**2)), eps, 1000, limit=500)[0]


@mistake_of("cauchy_tail")
def integral_by_numbers(eps):
    """Right for all eps of moderate size. What does quad say when eps is 100 000, and can't you solve the integral?"""
    return 2 * integrate.quad(lambda x: 1 / (np.pi * (1 + x**2)), eps, np.inf)[0]


@mistake_of("cauchy_tail")
def simulated_cauchy(eps):
    """The exact value is asked for, and it is an integral that you can solve. How many digits of yours are right?"""
    return np.mean(np.abs(np.random.default_rng(0).standard_cauchy(100_000)) > eps)


@mistake_of("cauchy_tail")
def rounded_to_four_digits(eps):
    """Right as far as it goes. Why should an exact value have four digits?"""
    return round(1 - 2 / np.pi * np.arctan(eps), 4)


@mistake_of("cauchy_tail")
def narrower_by_root_n(eps):
    """You let the distribution get narrower with n. Read again what the characteristic function of the mean says."""
    return 1 - 2 / np.pi * np.arctan(np.sqrt(1000) * eps)


@mistake_of("cauchy_tail")
def lecture_value_always(eps):
    """Right for one eps. Where does yours come into the calculation?"""
    return 1 - 2 / np.pi * np.arctan(0.1)


@mistake_of("cauchy_tail")
def fails_at_zero(eps):
    """Right for positive eps. What does your function do at 0?"""
    return 2 / np.pi * np.arctan(1 / float(eps))


# ---- lln_holds ------------------------------------------------------------------------------------------------------


@mistake_of("lln_holds")
def needs_a_variance():
    """Read the condition of the law again: which moment has to be finite? Does it say anything about the variance?"""
    return {3: True, 2: False, 1: False}


@mistake_of("lln_holds")
def law_without_conditions():
    """You have just computed the exact tail for one of the three. What does it do as n grows?"""
    return {3: True, 2: True, 1: True}


@mistake_of("lln_holds")
def law_never_holds():
    """A curve that hasn't arrived at 0 where the plot ends may still be on its way. Which of your three is?"""
    return {3: False, 2: False, 1: False}


@mistake_of("lln_holds")
def law_upside_down():
    """More degrees of freedom: does that mean heavier tails, or lighter ones? Look at your three plots again."""
    return {3: False, 2: False, 1: True}


@mistake_of("lln_holds")
def law_without_the_middle():
    """If the law fails for some nu, can it hold for a distribution with even heavier tails?"""
    return {3: True, 2: False, 1: True}


@mistake_of("lln_holds")
def law_only_in_the_middle():
    """Go through the three one by one: is the mean finite? Then compare with what you have written down for each."""
    return {3: False, 2: True, 1: False}


@mistake_of("lln_holds")
def law_for_the_heavy_tails():
    """Which of the three has the lightest tails? It should be the last one for which you doubt the law."""
    return {3: False, 2: True, 1: True}


@mistake_of("lln_holds")
def law_with_a_key_missing():
    """How many distributions were asked about, and how many keys has your dictionary?"""
    return {3: True, 2: True}


@mistake_of("lln_holds")
def law_in_words():
    """A text that says «True» is not a truth value. What does Python make of `if "False":`?"""
    return {3: "True", 2: "True", 1: "False"}


@mistake_of("lln_holds")
def law_with_text_keys():
    """Look at the keys of your dictionary: are they numbers?"""
    return {"3": True, "2": True, "1": False}


@mistake_of("lln_holds")
def law_left_open():
    """The plots leave it open, but you have an exact calculation. Decide for each of the three."""
    return {3: True, 2: True, 1: None}


@mistake_of("lln_holds")
def law_as_a_list():
    """Your answers stand in a row. How does a reader know which of them belongs to which nu?"""
    return [True, True, False]


# ---- clt_holds ------------------------------------------------------------------------------------------------------


@mistake_of("clt_holds")
def theorem_needs_a_mean_only():
    """You have found where the law of large numbers holds. Which further condition does this theorem have?"""
    return {3: True, 2: True, 1: False}


@mistake_of("clt_holds")
def theorem_without_conditions():
    """Not every distribution has what this theorem divides by. Compute it for each of the three."""
    return {3: True, 2: True, 1: True}


@mistake_of("clt_holds")
def theorem_never_applies():
    """A t distribution isn't normal, but must it be? Read what the theorem asks of the distribution of X."""
    return {3: False, 2: False, 1: False}


@mistake_of("clt_holds")
def theorem_upside_down():
    """More degrees of freedom: does that mean heavier tails, or lighter ones?"""
    return {3: False, 2: False, 1: True}


@mistake_of("clt_holds")
def theorem_where_it_fails():
    """Are these the numbers of degrees of freedom for which the theorem applies, or those for which it doesn't?"""
    return {3: False, 2: True, 1: True}


@mistake_of("clt_holds")
def theorem_without_the_middle():
    """If the condition fails for some nu, can it be met with even heavier tails?"""
    return {3: True, 2: False, 1: True}


@mistake_of("clt_holds")
def theorem_only_in_the_middle():
    """Go through the three one by one: is the variance finite? Then compare with what you have written down."""
    return {3: False, 2: True, 1: False}


@mistake_of("clt_holds")
def theorem_with_keys_missing():
    """How many distributions were asked about, and how many keys has your dictionary?"""
    return {3: True}


@mistake_of("clt_holds")
def theorem_in_words():
    """Truth values are asked for, not words. What does Python make of `if "no":`?"""
    return {3: "yes", 2: "no", 1: "no"}


@mistake_of("clt_holds")
def theorem_with_text_keys():
    """Look at the keys of your dictionary: are they numbers?"""
    return {"nu=3": True, "nu=2": False, "nu=1": False}


@mistake_of("clt_holds")
def theorem_with_variances():
    """You give the variances. What do they tell you about the theorem: does it apply, or not?"""
    return {3: 3.0, 2: float("inf"), 1: float("nan")}


@mistake_of("clt_holds")
def theorem_as_a_tuple():
    """Your answers stand in a row. How does a reader know which of them belongs to which nu?"""
    return (True, False, False)


# ---- mixture_moments ------------------------------------------------------------------------------------------------


@mistake_of("mixture_moments")
def between_variance_missing(pi, mu, sigma):
    """Try two components that are far apart and have tiny standard deviations. Is the whole as narrow as its parts?"""
    return pi @ mu, np.sqrt(pi @ sigma**2)


@mistake_of("mixture_moments")
def within_variance_missing(pi, mu, sigma):
    """Try a single component. Where has its own standard deviation gone?"""
    mean = pi @ mu
    return mean, np.sqrt(pi @ (mu - mean) ** 2)


@mistake_of("mixture_moments")
def mean_without_weights(pi, mu, sigma):
    """Right for equal probabilities. Which component does the mean lie closer to if one is rare?"""
    mean = np.mean(mu)
    return mean, np.sqrt(pi @ (sigma**2 + (mu - mean) ** 2))


@mistake_of("mixture_moments")
def variances_without_weights(pi, mu, sigma):
    """Your mean is right. Does a rare component count as much as a common one in your variance?"""
    mean = pi @ mu
    return mean, np.sqrt(np.mean(sigma**2) + np.mean((mu - mean) ** 2))


@mistake_of("mixture_moments")
def between_part_without_weights(pi, mu, sigma):
    """Your mean is right, and so is one of the two parts of the variance. Where are the weights in the other?"""
    return pi @ mu, np.sqrt(pi @ sigma**2 + np.var(mu))


@mistake_of("mixture_moments")
def weights_nowhere(pi, mu, sigma):
    """Right for equal probabilities. Where do the others come into your code?"""
    return np.mean(mu), np.sqrt(np.mean(sigma**2) + np.var(mu))


@mistake_of("mixture_moments")
def variance_not_its_root(pi, mu, sigma):
    """Measure in meters: what is the unit of your second number, and what should it be?"""
    mean = pi @ mu
    return mean, pi @ (sigma**2 + (mu - mean) ** 2)


@mistake_of("mixture_moments")
def standard_deviations_averaged(pi, mu, sigma):
    """Standard deviations don't average, not even with weights. Which of their powers does?"""
    mean = pi @ mu
    return mean, np.sqrt((pi @ sigma) ** 2 + pi @ (mu - mean) ** 2)


@mistake_of("mixture_moments")
def sigma_taken_for_a_variance(pi, mu, sigma):
    """Right where all of sigma is 1. Does sigma hold variances, or standard deviations?"""
    mean = pi @ mu
    return mean, np.sqrt(pi @ (sigma + (mu - mean) ** 2))


@mistake_of("mixture_moments")
def weights_squared(pi, mu, sigma):
    """That is the variance of a weighted sum of independent variables. Is a mixture such a sum?"""
    return pi @ mu, np.sqrt(pi**2 @ sigma**2)


@mistake_of("mixture_moments")
def two_components_only(pi, mu, sigma):
    """These are the lecture's formulas for two components. What do they do with one, or with three?"""
    mean = pi[0] * mu[0] + pi[1] * mu[1]
    between = pi[0] * (mu[0] - mean) ** 2 + pi[1] * (mu[1] - mean) ** 2
    return mean, np.sqrt(pi[0] * sigma[0] ** 2 + pi[1] * sigma[1] ** 2 + between)


@mistake_of("mixture_moments")
def distances_from_zero(pi, mu, sigma):
    """Move all means by 100: should the standard deviation change? Look at what you subtract before you square."""
    return pi @ mu, np.sqrt(pi @ (sigma**2 + mu**2))


@mistake_of("mixture_moments")
def mean_subtracted_unsquared(pi, mu, sigma):
    """The mean of the squares is a good start. What has to be taken away from it, exactly?"""
    mean = pi @ mu
    return mean, np.sqrt(np.abs(pi @ (sigma**2 + mu**2) - mean))


@mistake_of("mixture_moments")
def standard_deviation_first(pi, mu, sigma):
    """Both numbers are right. In which order were they asked for?"""
    mean = pi @ mu
    return np.sqrt(pi @ (sigma**2 + (mu - mean) ** 2)), mean


@mistake_of("mixture_moments")
def mean_alone(pi, mu, sigma):
    """How many numbers should come back?"""
    return float(pi @ mu)


@mistake_of("mixture_moments")
def means_centered_in_place(pi, mu, sigma):
    """Your numbers are right. Call it twice with the same arrays: what is the mean the second time?"""
    mean = pi @ mu
    mu -= mean
    return mean, np.sqrt(pi @ (sigma**2 + mu**2))


@mistake_of("mixture_moments")
def moments_of_a_sample(pi, mu, sigma):
    """These numbers can be computed exactly. How many digits of a simulated mean are right?"""
    rng = np.random.default_rng(0)
    component = rng.choice(len(pi), size=20_000, p=pi)
    x = rng.normal(mu[component], sigma[component])
    return x.mean(), x.std()


@mistake_of("mixture_moments")
def single_precision_moments(pi, mu, sigma):
    """About seven digits are right and the rest isn't. What dtype do your numbers have?"""
    weights = pi.astype(np.float32)
    mean = weights @ mu
    return mean, np.sqrt(weights @ (sigma**2 + (mu - mean) ** 2))


# ---- sample_mixture -------------------------------------------------------------------------------------------------


def _components(n, pi, rng):
    """The components of n independent draws, rightly."""
    return rng.choice(len(pi), size=n, p=pi)


@mistake_of("sample_mixture")
def counts_of_the_lecture(n, pi, mu, sigma, rng):
    """Call it a few times and count the draws from the first component. Does the number vary as it should?"""
    n1 = int(n * pi[0])
    if len(pi) == 1:
        return rng.normal(mu[0], sigma[0], n)
    return np.concatenate((rng.normal(mu[0], sigma[0], n1), rng.normal(mu[1], sigma[1], n - n1)))


@mistake_of("sample_mixture")
def fixed_counts_shuffled(n, pi, mu, sigma, rng):
    """Shuffling hides where a number comes from, but it doesn't change how many come from each component. Is that
    number random?"""
    component = np.repeat(np.arange(len(pi)), np.diff(np.round(n * np.cumsum(pi)).astype(int), prepend=0))
    rng.shuffle(component)
    return rng.normal(mu[component], sigma[component])


@mistake_of("sample_mixture")
def random_counts_in_order(n, pi, mu, sigma, rng):
    """The numbers of draws are right. Plot a sample in the order of the array: does the position of a number tell
    you where it comes from?"""
    component = np.repeat(np.arange(len(pi)), rng.multinomial(n, pi))
    return rng.normal(mu[component], sigma[component])


@mistake_of("sample_mixture")
def counts_drawn_apart(n, pi, mu, sigma, rng):
    """Right for two components. With three, could the counts of the first two add up to more than n?"""
    counts = [rng.binomial(n, p) for p in pi[:-1]]
    component = np.repeat(np.arange(len(pi)), [*counts, n - sum(counts)])
    return rng.permutation(rng.normal(mu[component], sigma[component]))


@mistake_of("sample_mixture")
def weighted_sum_of_normals(n, pi, mu, sigma, rng):
    """Draw a histogram where the components lie far apart: how many humps has it? Does each of your draws come from
    one component, or from all of them at once?"""
    return rng.normal(mu, sigma, size=(n, len(pi))) @ pi


@mistake_of("sample_mixture")
def one_component_for_the_sample(n, pi, mu, sigma, rng):
    """Right for n = 1. How often do you choose a component for one sample?"""
    j = rng.choice(len(pi), p=pi)
    return rng.normal(mu[j], sigma[j], n)


@mistake_of("sample_mixture")
def components_equally_likely(n, pi, mu, sigma, rng):
    """Right for equal probabilities. Where does pi come into your choice?"""
    component = rng.integers(len(pi), size=n)
    return rng.normal(mu[component], sigma[component])


@mistake_of("sample_mixture")
def first_or_second_component(n, pi, mu, sigma, rng):
    """Right for two components. Which of your draws could come from a third one?"""
    first = rng.random(n) < pi[0]
    return np.where(first, rng.normal(mu[0], sigma[0], n), rng.normal(mu[-1], sigma[-1], n))


@mistake_of("sample_mixture")
def variances_as_scales(n, pi, mu, sigma, rng):
    """Right where sigma is 1. What does numpy's normal expect as its second argument?"""
    component = _components(n, pi, rng)
    return rng.normal(mu[component], sigma[component] ** 2)


@mistake_of("sample_mixture")
def mixture_from_global_numbers(n, pi, mu, sigma, rng):
    """Call it twice with equal generators and compare. Where do your two kinds of random numbers come from?"""
    component = rng.choice(len(pi), size=n, p=pi)
    return np.random.normal(mu[component], sigma[component])


@mistake_of("sample_mixture")
def mixture_seeded_inside(n, pi, mu, sigma, rng):
    """Call it twice with different generators and compare. Which generator do your numbers come from?"""
    rng = np.random.default_rng(1)
    component = rng.choice(len(pi), size=n, p=pi)
    return rng.normal(mu[component], sigma[component])


@mistake_of("sample_mixture")
def mean_and_scale_chosen_apart(n, pi, mu, sigma, rng):
    """Mean and standard deviation of a draw belong to the same component. How often do you choose one for a draw?"""
    return rng.normal(rng.choice(mu, size=n, p=pi), rng.choice(sigma, size=n, p=pi))


# ---- standardized_means ---------------------------------------------------------------------------------------------


def _means(n, M, pi, mu, sigma, rng):
    return sample_mixture(M * n, pi, mu, sigma, rng).reshape(M, n).mean(axis=1)


@mistake_of("standardized_means")
def drawn_from_a_pool_of_their_own(n, M, pi, mu, sigma, rng):
    """Sort your standardized means: some come twice. Does each of the M have a sample of its own?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    pool = sample_mixture(200 * n, pi, mu, sigma, rng).reshape(200, n)
    chosen = pool[rng.integers(200, size=M)]
    return np.sqrt(n) * (chosen.mean(axis=1) - mean) / sd


@mistake_of("standardized_means")
def not_magnified(n, M, pi, mu, sigma, rng):
    """Right for n = 1; then your distribution gets narrower as n grows. Which factor keeps it at one size?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    return (_means(n, M, pi, mu, sigma, rng) - mean) / sd


@mistake_of("standardized_means")
def divided_by_the_variance(n, M, pi, mu, sigma, rng):
    """Measure in other units: should a standardized number change? Look at what you divide by."""
    mean, sd = mixture_moments(pi, mu, sigma)
    return np.sqrt(n) * (_means(n, M, pi, mu, sigma, rng) - mean) / sd**2


@mistake_of("standardized_means")
def standard_deviation_of_each_sample(n, M, pi, mu, sigma, rng):
    """For large n nobody would notice. Which standard deviation is asked for, that of the mixture or of the sample?"""
    mean, _ = mixture_moments(pi, mu, sigma)
    x = sample_mixture(M * n, pi, mu, sigma, rng).reshape(M, n)
    return np.sqrt(n) * (x.mean(axis=1) - mean) / x.std(axis=1, ddof=min(1, n - 1))


@mistake_of("standardized_means")
def standard_deviation_within_only(n, M, pi, mu, sigma, rng):
    """Your numbers scatter too much where the components lie apart. Which part of the variance have you left out?"""
    x = _means(n, M, pi, mu, sigma, rng)
    return np.sqrt(n) * (x - pi @ mu) / np.sqrt(pi @ sigma**2)


@mistake_of("standardized_means")
def samples_with_fixed_counts(n, M, pi, mu, sigma, rng):
    """Your numbers scatter too little where the components lie apart. How are the draws of a sample shared out?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    counts = np.diff(np.round(n * np.cumsum(pi)).astype(int), prepend=0)
    component = np.repeat(np.arange(len(pi)), counts)
    x = rng.normal(mu[component], sigma[component], size=(M, n))
    return np.sqrt(n) * (x.mean(axis=1) - mean) / sd


@mistake_of("standardized_means")
def limit_itself_drawn(n, M, pi, mu, sigma, rng):
    """That is the distribution in the limit. What does it look like for n = 1, where nothing has been averaged yet?"""
    return rng.standard_normal(M)


@mistake_of("standardized_means")
def cut_from_a_sorted_sample(n, M, pi, mu, sigma, rng):
    """Your samples are cut from one long array. Do the numbers in it stand in random order?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    component = np.repeat(np.arange(len(pi)), rng.multinomial(M * n, pi))
    x = rng.normal(mu[component], sigma[component]).reshape(M, n)
    return np.sqrt(n) * (x.mean(axis=1) - mean) / sd


@mistake_of("standardized_means")
def centered_at_their_own_mean(n, M, pi, mu, sigma, rng):
    """Try M = 1: it is always 0. Which mean is to be taken away, that of the mixture or that of your results?"""
    _, sd = mixture_moments(pi, mu, sigma)
    x = _means(n, M, pi, mu, sigma, rng)
    return np.sqrt(n) * (x - x.mean()) / sd


@mistake_of("standardized_means")
def scaled_by_their_own_spread(n, M, pi, mu, sigma, rng):
    """The spread of your M means is an estimate. Of which exact number, that you can compute?"""
    mean, _ = mixture_moments(pi, mu, sigma)
    x = _means(n, M, pi, mu, sigma, rng)
    return (x - mean) / (x.std() or 1.0)


@mistake_of("standardized_means")
def standardized_from_global_numbers(n, M, pi, mu, sigma, rng):
    """Call it twice with equal generators and compare. Where does your code take its random numbers from?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    component = np.random.choice(len(pi), size=(M, n), p=pi)
    return np.sqrt(n) * (np.random.normal(mu[component], sigma[component]).mean(axis=1) - mean) / sd


@mistake_of("standardized_means")
def standardized_with_one_seed(n, M, pi, mu, sigma, rng):
    """Call it twice with different generators and compare. Which generator do your numbers come from?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    return np.sqrt(n) * (_means(n, M, pi, mu, sigma, np.random.default_rng(2025)) - mean) / sd


@mistake_of("standardized_means")
def averaged_over_the_samples(n, M, pi, mu, sigma, rng):
    """How many means should there be? Print the shape of yours, and look at the axis that you average over."""
    mean, sd = mixture_moments(pi, mu, sigma)
    x = sample_mixture(M * n, pi, mu, sigma, rng).reshape(M, n)
    return np.sqrt(n) * (x.mean(axis=0) - mean) / sd


# ---- ecdf -----------------------------------------------------------------------------------------------------------


@mistake_of("ecdf")
def ranks_whatever_the_ties(data):
    """Right if no two numbers are equal. Try [1, 1, 2]: which share of the data is at most 1?"""
    return np.sort(data), np.arange(1, len(data) + 1) / len(data)


@mistake_of("ecdf")
def share_of_the_smaller_ones(data):
    """At one of the data, is that one counted? See what your function says at the largest."""
    x = np.sort(data)
    return x, np.searchsorted(x, x) / len(x)


@mistake_of("ecdf")
def ranks_from_zero(data):
    """What share of the data is at most the largest of them? Compare with the end of your second array."""
    return np.sort(data), np.arange(len(data)) / len(data)


@mistake_of("ecdf")
def data_sorted_in_place(data):
    """Your two arrays are right. Print data before and after the call: are they in the same order?"""
    data.sort()
    return data, np.searchsorted(data, data, side="right") / len(data)


@mistake_of("ecdf")
def data_left_unsorted(data):
    """Each share belongs to its number. In which order should the numbers stand?"""
    return data, np.mean(data[:, None] >= data, axis=1)


@mistake_of("ecdf")
def sorted_against_unsorted(data):
    """Your first array is in a new order, your second is still in the old one. Do they belong together?"""
    return np.sort(data), np.mean(data[:, None] >= data, axis=1)


@mistake_of("ecdf")
def equal_values_merged(data):
    """How many numbers are in data, and how many in your arrays? Look at what happens to equal ones."""
    x, counts = np.unique(data, return_counts=True)
    return x, np.cumsum(counts) / len(data)


@mistake_of("ecdf")
def counts_of_the_data(data):
    """You have counted how many are at most x. What share of the data is that?"""
    x = np.sort(data)
    return x, np.searchsorted(x, x, side="right")


@mistake_of("ecdf")
def evenly_from_zero_to_one(data):
    """Try a single number: what share of the data is at most as large? How high should the first step be?"""
    return np.sort(data), np.linspace(0, 1, len(data))


@mistake_of("ecdf")
def middles_of_the_steps(data):
    """Plotting positions are good for other things. What share of the data is at most the largest?"""
    x = np.sort(data)
    return x, (np.searchsorted(x, x, side="right") - 0.5) / len(x)


@mistake_of("ecdf")
def divided_by_one_more(data):
    """Your function doesn't reach 1. Which number do you divide by?"""
    x = np.sort(data)
    return x, np.searchsorted(x, x, side="right") / (len(x) + 1)


@mistake_of("ecdf")
def heights_alone(data):
    """How many arrays should come back?"""
    x = np.sort(data)
    return np.searchsorted(x, x, side="right") / len(x)


@mistake_of("ecdf")
def heights_first(data):
    """Both arrays are right. In which order were they asked for?"""
    x = np.sort(data)
    return np.searchsorted(x, x, side="right") / len(x), x


@mistake_of("ecdf")
def middle_ranks_of_ties(data):
    """Equal numbers share one value in your array. Is it the share of the data that is at most as large?"""
    x = np.sort(data)
    return x, stats.rankdata(x) / len(x)


@mistake_of("ecdf")
def share_above(data):
    """Should your second array rise or fall? Look at the direction of your inequality."""
    x = np.sort(data)
    return x, 1 - np.searchsorted(x, x, side="right") / len(x)


# ---- ecdf_at --------------------------------------------------------------------------------------------------------


@mistake_of("ecdf_at")
def ramps_between_the_data(data, grid):
    """Between two of the data nothing is counted anew. Does your function stay where it is there?"""
    return np.interp(grid, *ecdf(data))


@mistake_of("ecdf_at")
def ramps_that_begin_at_zero(data, grid):
    """Left of the data and at them you are right. And between two of them, where nothing new is counted?"""
    return np.interp(grid, *ecdf(data), left=0)


@mistake_of("ecdf_at")
def datum_itself_not_counted(data, grid):
    """Take a grid point that is one of the data. Is that one counted?"""
    return np.searchsorted(np.sort(data), grid) / len(data)


@mistake_of("ecdf_at")
def number_up_to_each_point(data, grid):
    """You have counted the data up to each point. What share of them is that?"""
    return np.searchsorted(np.sort(data), grid, side="right")


@mistake_of("ecdf_at")
def searched_unsorted(data, grid):
    """Right if the data come in increasing order. What does searchsorted expect of the array that it searches?"""
    return np.searchsorted(data, grid, side="right") / len(data)


@mistake_of("ecdf_at")
def sorts_the_caller_s_data(data, grid):
    """Your values are right. Print data before and after the call: are they in the same order?"""
    data.sort()
    return np.searchsorted(data, grid, side="right") / len(data)


@mistake_of("ecdf_at")
def sorts_the_grid(data, grid):
    """Right if the grid increases. Does each of your values belong to the grid point at its place?"""
    return np.searchsorted(np.sort(data), np.sort(grid), side="right") / len(data)


@mistake_of("ecdf_at")
def divided_by_the_grid(data, grid):
    """Your values don't end at 1. Of how many numbers is it a share?"""
    return np.searchsorted(np.sort(data), grid, side="right") / len(grid)


@mistake_of("ecdf_at")
def share_beyond(data, grid):
    """Should your function rise or fall along the grid? Look at the direction of your inequality."""
    return np.mean(np.asarray(data)[None, :] > grid[:, None], axis=1)


@mistake_of("ecdf_at")
def wraps_around_on_the_left(data, grid):
    """Right from the smallest of the data on. Which entry is number -1, and when does your index become that?"""
    x, shares = ecdf(data)
    return shares[np.searchsorted(x, grid, side="right") - 1]


@mistake_of("ecdf_at")
def jumps_too_early(data, grid):
    """Right at the data. Between two of them, which one does your function look at: the one before, or the next?"""
    x, shares = ecdf(data)
    return shares[np.minimum(np.searchsorted(x, grid, side="left"), len(x) - 1)]


@mistake_of("ecdf_at")
def share_of_the_nearest_datum(data, grid):
    """Right at the data. Does your function jump at them, or somewhere between?"""
    x, shares = ecdf(data)
    return shares[np.abs(grid[:, None] - x).argmin(axis=1)]


@mistake_of("ecdf_at")
def histogram_added_up(data, grid):
    """A histogram leaves out what lies outside of its bins. Try a grid that begins among the data."""
    grid = np.sort(np.asarray(grid))
    counts, _ = np.histogram(data, bins=np.append(grid, grid[-1] + 1))
    return (np.cumsum(counts) - counts) / len(data)


@mistake_of("ecdf_at")
def mean_over_the_grid(data, grid):
    """How many numbers should come back? Print the shape of your table of comparisons."""
    return (data[:, None] <= grid).mean(axis=1)


@mistake_of("ecdf_at")
def smoothed_by_normal_curves(data, grid):
    """That is a smooth estimate of a distribution function. The one asked for has jumps: where?"""
    return ndtr((grid[:, None] - data) / 0.1).mean(axis=1)


@mistake_of("ecdf_at")
def single_precision_shares(data, grid):
    """About seven digits are right and the rest isn't. What dtype do your shares have?"""
    return (data <= grid[:, None]).mean(axis=1, dtype=np.float32)


@mistake_of("ecdf_at")
def ties_counted_once(data, grid):
    """Right if no two of the data are equal. How often does a number count that is there three times?"""
    x = np.unique(data)
    return np.searchsorted(x, grid, side="right") / len(x)


# ---- plot_ecdf ------------------------------------------------------------------------------------------------------


def _normal_curve_and_names(ax):
    z = np.linspace(-4, 4, 201)
    ax.plot(z, ndtr(z), "k--", label="N(0, 1)")
    ax.set(xlabel="z", ylabel="share up to z")
    ax.legend()


@mistake_of("plot_ecdf")
def ramps_drawn(z_by_n):
    """The points are right. How does your line get from one to the next: does it stay and jump, or climb?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.plot(*ecdf(z), label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def steps_before_the_data(z_by_n):
    """These are steps. At which end does each of them jump, and what does `where` do about it?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def steps_between_the_data(z_by_n):
    """These are steps. Do they jump at the data, or halfway between two of them?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="mid", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def steps_as_dots(z_by_n):
    """The points are right. A step function has a value between them as well: what does your figure show there?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.plot(*ecdf(z), ".", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def labels_without_a_legend(z_by_n):
    """Your lines have names. Does the figure show them?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    z = np.linspace(-4, 4, 201)
    ax.plot(z, ndtr(z), "k--", label="N(0, 1)")
    ax.set(xlabel="z", ylabel="share up to z")
    return fig


@mistake_of("plot_ecdf")
def legend_without_the_sizes(z_by_n):
    """There are several step functions. How does a reader find out which of them belongs to which n?"""
    fig, ax = plt.subplots()
    for z in z_by_n.values():
        ax.step(*ecdf(z), where="post", label="ECDF")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def legend_with_running_numbers(z_by_n):
    """Your legend counts the lines. Which number should stand beside each of them?"""
    fig, ax = plt.subplots()
    for i, z in enumerate(z_by_n.values(), start=1):
        ax.step(*ecdf(z), where="post", label=f"sample {i}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def names_sorted_lines_not(z_by_n):
    """Try a dictionary whose keys don't come in order: does each name still stand at its own line?"""
    fig, ax = plt.subplots()
    for n, z in zip(sorted(z_by_n), z_by_n.values(), strict=True):
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def legend_one_line_off(z_by_n):
    """A list of names goes to the lines in the order in which they were drawn. Which one did you draw first?"""
    fig, ax = plt.subplots()
    z = np.linspace(-4, 4, 201)
    ax.plot(z, ndtr(z), "k--")
    for z in z_by_n.values():
        ax.step(*ecdf(z), where="post")
    ax.legend([*(f"n = {n}" for n in z_by_n), "N(0, 1)"])
    ax.set(xlabel="z", ylabel="share up to z")
    return fig


@mistake_of("plot_ecdf")
def legend_in_sorted_order(z_by_n):
    """Your lines are drawn in the dictionary's order. In which order does your legend name them?"""
    fig, ax = plt.subplots()
    for z in z_by_n.values():
        ax.step(*ecdf(z), where="post")
    z = np.linspace(-4, 4, 201)
    ax.plot(z, ndtr(z), "k--")
    ax.legend([*(f"n = {n}" for n in sorted(z_by_n)), "N(0, 1)"])
    ax.set(xlabel="z", ylabel="share up to z")
    return fig


@mistake_of("plot_ecdf")
def invisible_steps_visible_ramps(z_by_n):
    """What does a reader of your figure see: the steps, or the lines that climb? Look at the colors."""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", color="none", label=f"n = {n}")
        ax.plot(*ecdf(z), label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def curve_for_comparison_missing(z_by_n):
    """The steps are right. What are they to be compared with?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    ax.set(xlabel="z", ylabel="share up to z")
    ax.legend()
    return fig


@mistake_of("plot_ecdf")
def density_for_comparison(z_by_n):
    """The steps rise from 0 to 1. Which of the normal distribution's functions does that, too?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    grid = np.linspace(-4, 4, 201)
    ax.plot(grid, stats.norm.pdf(grid), "k--", label="N(0, 1)")
    ax.set(xlabel="z", ylabel="share up to z")
    ax.legend()
    return fig


@mistake_of("plot_ecdf")
def curve_fitted_to_the_data(z_by_n):
    """Your curve follows the data. Which normal distribution does the theorem name, before any data are seen?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    together = np.concatenate(list(z_by_n.values()))
    grid = np.linspace(-4, 4, 201)
    ax.plot(grid, stats.norm.cdf(grid, together.mean(), together.std()), "k--", label="normal")
    ax.set(xlabel="z", ylabel="share up to z")
    ax.legend()
    return fig


@mistake_of("plot_ecdf")
def steps_without_labels(z_by_n):
    """Steps and curve are right. What do the two axes show, and where does the figure say so?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    z = np.linspace(-4, 4, 201)
    ax.plot(z, ndtr(z), "k--", label="N(0, 1)")
    ax.legend()
    return fig


@mistake_of("plot_ecdf")
def all_sizes_in_one(z_by_n):
    """One step function for everything: how should a reader compare the different n?"""
    fig, ax = plt.subplots()
    ax.step(*ecdf(np.concatenate(list(z_by_n.values()))), where="post", label=f"n = {list(z_by_n)}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def last_size_only(z_by_n):
    """How many n are in the dictionary, and how many step functions in your figure? Look at what stands in the loop."""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        steps, label = ecdf(z), f"n = {n}"
    ax.step(*steps, where="post", label=label)
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def shares_on_the_horizontal_axis(z_by_n):
    """The numbers are right. Which of the two belongs on the horizontal axis?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        x, shares = ecdf(z)
        ax.step(shares, x, where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def steps_of_unsorted_data(z_by_n):
    """Your line runs to and fro. In which order should the data be drawn?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(z, np.arange(1, len(z) + 1) / len(z), where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def standardized_once_more(z_by_n):
    """The data are standardized already. Which difference from the normal curve does your figure hide?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf((z - np.mean(z)) / np.std(z)), where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def histograms_drawn(z_by_n):
    """A cumulated histogram jumps at the edges of its bins. Where does the function asked for jump?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.hist(z, bins=20, density=True, cumulative=True, histtype="step", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def arrays_sorted_for_drawing(z_by_n):
    """The figure is right. Look at the arrays of the dictionary after the call: in which order are they?"""
    fig, ax = plt.subplots()
    for n, z in z_by_n.items():
        z.sort()
        ax.step(z, np.arange(1, len(z) + 1) / len(z), where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)
    return fig


@mistake_of("plot_ecdf")
def steps_not_returned(z_by_n):
    """Your figure is drawn. What does the function give back to its caller?"""
    _, ax = plt.subplots()
    for n, z in z_by_n.items():
        ax.step(*ecdf(z), where="post", label=f"n = {n}")
    _normal_curve_and_names(ax)


# ---- mise -----------------------------------------------------------------------------------------------------------


@mistake_of("mise")
def mean_over_grid_points(z, grid):
    """Make the grid twice as long, where nothing happens: should an integral change? Does yours?"""
    return np.mean((ecdf_at(z, grid) - ndtr(grid)) ** 2)


@mistake_of("mise")
def mean_times_the_length(z, grid):
    """A mean times the length is a good thought for many even steps. What does it do where the steps are uneven?"""
    return np.mean((ecdf_at(z, grid) - ndtr(grid)) ** 2) * (grid[-1] - grid[0])


@mistake_of("mise")
def root_of_the_integral(z, grid):
    """Is there something in your last line that the question doesn't ask for? Read what MISE stands for."""
    return np.sqrt(np.trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2, grid))


@mistake_of("mise")
def sum_over_grid_points(z, grid):
    """Take twice as many grid points: should an integral double? What do the heights have to be multiplied by?"""
    return np.sum((ecdf_at(z, grid) - ndtr(grid)) ** 2)


@mistake_of("mise")
def unit_steps(z, grid):
    """Look up the second argument of your integration function: how does it know how far apart the points are?"""
    return np.trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2)


@mistake_of("mise")
def first_step_for_all(z, grid):
    """Right on an even grid. How long is each of your steps where the grid isn't even?"""
    return np.trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2, dx=grid[1] - grid[0])


@mistake_of("mise")
def left_ends_of_the_steps(z, grid):
    """Your integral takes the height at one end of each step. What does the trapezoidal rule take?"""
    return np.sum((ecdf_at(z, grid[:-1]) - ndtr(grid[:-1])) ** 2 * np.diff(grid))


@mistake_of("mise")
def heights_between_the_points(z, grid):
    """Your integral takes the height in the middle of each step. What does the trapezoidal rule take?"""
    middle = (grid[1:] + grid[:-1]) / 2
    return np.sum((ecdf_at(z, middle) - ndtr(middle)) ** 2 * np.diff(grid))


@mistake_of("mise")
def parabolas(z, grid):
    """There are several rules for an integral, and they differ where a function jumps. Which was asked for?"""
    return integrate.simpson((ecdf_at(z, grid) - ndtr(grid)) ** 2, x=grid)


@mistake_of("mise")
def ramps_compared(z, grid):
    """Which function do you compare with the normal one? Draw it for five data, beside your ecdf_at."""
    return np.trapezoid((np.interp(grid, *ecdf(z)) - ndtr(grid)) ** 2, grid)


@mistake_of("mise")
def data_below_the_points(z, grid):
    """Right unless a grid point is one of the data. Is that one counted there?"""
    below = np.searchsorted(np.sort(z), grid) / len(z)
    return np.trapezoid((below - ndtr(grid)) ** 2, grid)


@mistake_of("mise")
def data_searched_unsorted(z, grid):
    """Right if the data come in increasing order. Which step of yours relies on that?"""
    shares = np.searchsorted(z, grid, side="right") / len(z)
    return np.trapezoid((shares - ndtr(grid)) ** 2, grid)


@mistake_of("mise")
def distances_not_squared(z, grid):
    """That is the area between the two curves. What does the S in the name stand for?"""
    return np.trapezoid(np.abs(ecdf_at(z, grid) - ndtr(grid)), grid)


@mistake_of("mise")
def signed_distances(z, grid):
    """Can your number be negative? Should it be possible that distances cancel?"""
    return np.trapezoid(ecdf_at(z, grid) - ndtr(grid), grid)


@mistake_of("mise")
def squared_at_the_end(z, grid):
    """In which order do you square and integrate? Distances of opposite signs shouldn't cancel."""
    return np.trapezoid(ecdf_at(z, grid) - ndtr(grid), grid) ** 2


@mistake_of("mise")
def largest_distance(z, grid):
    """That is Kolmogorov's distance, a good one, but another. What should happen along the grid?"""
    return np.max((ecdf_at(z, grid) - ndtr(grid)) ** 2)


@mistake_of("mise")
def grid_of_its_own(z, grid):
    """Over which interval does your integral run, and which one were you given?"""
    points = np.linspace(np.min(z), np.max(z), 500)
    return np.trapezoid((ecdf_at(z, points) - ndtr(points)) ** 2, points)


@mistake_of("mise")
def compared_with_the_density(z, grid):
    """A distribution function rises from 0 to 1. Which function of the normal distribution do you compare it with?"""
    return np.trapezoid((ecdf_at(z, grid) - stats.norm.pdf(grid)) ** 2, grid)


@mistake_of("mise")
def normal_fitted_to_the_data(z, grid):
    """You compare with the normal distribution that fits the data best. Which one does the theorem name?"""
    fitted = ndtr((grid - np.mean(z)) / (np.std(z) or 1.0))
    return np.trapezoid((ecdf_at(z, grid) - fitted) ** 2, grid)


@mistake_of("mise")
def weighted_by_the_density(z, grid):
    """Each piece of the grid should count by its length. By what else does it count in your integral?"""
    return np.trapezoid((ecdf_at(z, grid) - ndtr(grid)) ** 2 * stats.norm.pdf(grid), grid)


@mistake_of("mise")
def sorts_z_in_place(z, grid):
    """Your number is right. Print z before and after the call: is it in the same order?"""
    z.sort()
    shares = np.searchsorted(z, grid, side="right") / len(z)
    return np.trapezoid((shares - ndtr(grid)) ** 2, grid)


# ---- mise_floor -----------------------------------------------------------------------------------------------------


@mistake_of("mise_floor")
def whole_line(M, grid):
    """Right on a wide, fine grid. Where does the grid that you were given come into your code?"""
    return 1 / (M * np.sqrt(np.pi))


@mistake_of("mise_floor")
def samples_left_out(M, grid):
    """Right for M = 1. Should the floor stay where it is when you have more data?"""
    return np.trapezoid(ndtr(grid) * ndtr(-grid), grid)


@mistake_of("mise_floor")
def fixed_interval(M, grid):
    """Over which interval does your integral run, and which one were you given?"""
    points = np.linspace(-4, 4, 801)
    return np.trapezoid(ndtr(points) * ndtr(-points), points) / M


@mistake_of("mise_floor")
def standard_error_integrated(M, grid):
    """What is the expectation of a squared distance called, when the distance has the mean 0? And what is its root?"""
    return np.trapezoid(np.sqrt(ndtr(grid) * ndtr(-grid) / M), grid)


@mistake_of("mise_floor")
def root_of_the_floor(M, grid):
    """With twice as many data, how much lower should the floor be? Look at your last step."""
    return np.sqrt(np.trapezoid(ndtr(grid) * ndtr(-grid), grid) / M)


@mistake_of("mise_floor")
def divided_by_root_of_samples(M, grid):
    """Is it the variance of a share that falls like this with M, or its standard deviation?"""
    return np.trapezoid(ndtr(grid) * ndtr(-grid), grid) / np.sqrt(M)


@mistake_of("mise_floor")
def divided_by_one_less(M, grid):
    """Try M = 1. Is the variance of a share estimated here, or known?"""
    return np.trapezoid(ndtr(grid) * ndtr(-grid), grid) / (M - 1)


@mistake_of("mise_floor")
def mean_of_the_variances(M, grid):
    """The heights are right. What turns them into an integral?"""
    return np.mean(ndtr(grid) * ndtr(-grid)) / M


@mistake_of("mise_floor")
def sum_of_the_variances(M, grid):
    """The heights are right. What does each of them have to be multiplied by, before you add them up?"""
    return np.sum(ndtr(grid) * ndtr(-grid)) / M


@mistake_of("mise_floor")
def even_steps_assumed(M, grid):
    """Right on an even grid. How long is each of your steps where the grid isn't even?"""
    return np.trapezoid(ndtr(grid) * ndtr(-grid), dx=grid[1] - grid[0]) / M


@mistake_of("mise_floor")
def left_heights(M, grid):
    """Your integral takes the height at one end of each step. What does the trapezoidal rule take?"""
    return np.sum(ndtr(grid[:-1]) * ndtr(-grid[:-1]) * np.diff(grid)) / M


@mistake_of("mise_floor")
def probability_squared(M, grid):
    """The number of data up to z is binomial. What is the variance of such a number, far to the right?"""
    return np.trapezoid(ndtr(grid) ** 2, grid) / M


@mistake_of("mise_floor")
def variance_of_the_count(M, grid):
    """With more data your floor rises. Is it the number of the data up to z that varies in your formula, or the
    share?"""
    return np.trapezoid(M * ndtr(grid) * ndtr(-grid), grid)


@mistake_of("mise_floor")
def variances_squared(M, grid):
    """Something is squared once too often. What is the expectation of a squared distance from the mean?"""
    return np.trapezoid((ndtr(grid) * ndtr(-grid)) ** 2, grid) / M


@mistake_of("mise_floor")
def densities_multiplied(M, grid):
    """At z the count is binomial. Which function of z is its probability of success, the density or another?"""
    return np.trapezoid(stats.norm.pdf(grid) * (1 - stats.norm.pdf(grid)), grid) / M


@mistake_of("mise_floor")
def floor_by_simulation(M, grid):
    """The expected value can be computed exactly. How many digits of a simulated average are right?"""
    rng = np.random.default_rng(0)
    return np.mean([mise(rng.standard_normal(M), grid) for _ in range(50)])


@mistake_of("mise_floor")
def thousand_samples_always(M, grid):
    """Right for M = 1000. Where does M come into your code?"""
    return np.trapezoid(ndtr(grid) * (1 - ndtr(grid)), grid) / 1000


@mistake_of("mise_floor")
def parabolas_for_the_floor(M, grid):
    """There are several rules for an integral, and on a coarse grid they differ. Which was asked for?"""
    return integrate.simpson(ndtr(grid) * ndtr(-grid), x=grid) / M


# ---- stratified_limit_sd --------------------------------------------------------------------------------------------


@mistake_of("stratified_limit_sd")
def always_one(pi, mu, sigma):
    """That is the limit for independent draws. Which of the two sources of variance is left with fixed counts?"""
    return 1.0


@mistake_of("stratified_limit_sd")
def within_not_standardized(pi, mu, sigma):
    """Change the unit: should the limit change? Look at what the mean is divided by in the question."""
    return np.sqrt(pi @ sigma**2)


@mistake_of("stratified_limit_sd")
def ratio_of_the_variances(pi, mu, sigma):
    """You compare two variances, and rightly. What is asked for?"""
    return pi @ sigma**2 / mixture_moments(pi, mu, sigma)[1] ** 2


@mistake_of("stratified_limit_sd")
def between_part_kept(pi, mu, sigma):
    """Of the two parts of the variance you have kept one. Is it the one that fixed counts leave over?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    return np.sqrt(pi @ (mu - mean) ** 2) / sd


@mistake_of("stratified_limit_sd")
def scales_averaged(pi, mu, sigma):
    """Standard deviations don't average, not even with weights. Which of their powers does?"""
    return pi @ sigma / mixture_moments(pi, mu, sigma)[1]


@mistake_of("stratified_limit_sd")
def upside_down(pi, mu, sigma):
    """Is the bell of the fixed counts wider than that of independent draws, or narrower?"""
    return mixture_moments(pi, mu, sigma)[1] / np.sqrt(pi @ sigma**2)


@mistake_of("stratified_limit_sd")
def probabilities_squared(pi, mu, sigma):
    """The sum of n pi[j] independent draws has n pi[j] times the variance of one. Which power of pi is left after
    the division?"""
    return np.sqrt(pi**2 @ sigma**2) / mixture_moments(pi, mu, sigma)[1]


@mistake_of("stratified_limit_sd")
def probabilities_left_out(pi, mu, sigma):
    """Right for equal probabilities. Does a rare component count as much as a common one in your variance?"""
    return np.sqrt(np.mean(sigma**2)) / mixture_moments(pi, mu, sigma)[1]


@mistake_of("stratified_limit_sd")
def lecture_number(pi, mu, sigma):
    """Right for the lecture's mixture. Where do the three arrays come into your code?"""
    return np.sqrt(1.625 / 3.875)


@mistake_of("stratified_limit_sd")
def first_two_components(pi, mu, sigma):
    """Right for two components. What do your formulas do with one, or with three?"""
    within = pi[0] * sigma[0] ** 2 + pi[1] * sigma[1] ** 2
    mean = pi[0] * mu[0] + pi[1] * mu[1]
    return np.sqrt(within / (within + pi[0] * (mu[0] - mean) ** 2 + pi[1] * (mu[1] - mean) ** 2))


@mistake_of("stratified_limit_sd")
def scales_not_squared(pi, mu, sigma):
    """Right where all of sigma is 1. Does sigma hold variances, or standard deviations?"""
    mean = pi @ mu
    return np.sqrt(pi @ sigma / (pi @ (sigma + (mu - mean) ** 2)))


@mistake_of("stratified_limit_sd")
def standard_deviations_subtracted(pi, mu, sigma):
    """You take one standard deviation from another. Which quantities can be added and subtracted like this?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    return (sd - np.sqrt(pi @ (mu - mean) ** 2)) / sd


@mistake_of("stratified_limit_sd")
def measured_in_a_simulation(pi, mu, sigma):
    """The limit can be computed exactly. How many digits of a measured standard deviation are right?"""
    mean, sd = mixture_moments(pi, mu, sigma)
    component = np.repeat(np.arange(len(pi)), np.round(200 * pi).astype(int))
    x = np.random.default_rng(0).normal(mu[component], sigma[component], size=(1000, len(component)))
    return np.std(np.sqrt(200) * (x.mean(axis=1) - mean) / sd)


@mistake_of("stratified_limit_sd")
def means_shifted_in_place(pi, mu, sigma):
    """Your number is right. Print mu before and after the call: is it the same?"""
    mu -= pi @ mu
    within = pi @ sigma**2
    return np.sqrt(within / (within + pi @ mu**2))
