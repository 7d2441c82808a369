"""The kinds of mistakes that people make with this arithmetic, each by its short name and in a few words."""

from __future__ import annotations

from enum import StrEnum

MANY = True
"""Many make this one."""


class Kind(StrEnum):
    """A kind of mistake: the short name that reports, records and assignments hold; ``says`` what it is in a few words.

    ``is_common``: many make it; two rare ones with the same digits make nobody's worksheet unfair. docs/marking.md says
    more. Those of one kind of cell alone stand with it, see :class:`rnncalc.network.cell.OwnMistake`.
    """

    says: str
    is_common: bool

    def __new__(cls, name: str, says: str = "", is_common: bool = False) -> Kind:
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.says, kind.is_common = says, is_common
        return kind

    ABSOLUTE_VALUE = "absolute-value", "the minus sign was left out where relu gives 0"
    ACTIVATION_LEFT_OUT = "activation-left-out", "the activation was not applied", MANY
    ALL_LOGS = "all-logs", "the logarithms of all probabilities were used, not only that of the target"
    ALPHABETICAL = "alphabetical", "the vocabulary was taken in alphabetical order", MANY
    ANOTHER_ACTIVATION = "another-activation", "another activation, or its slope, was used"
    BIAS_LEFT_OUT = "bias-left-out", "a bias was left out", MANY
    BIAS_SUBTRACTED = "bias-subtracted", "a bias was subtracted instead of added"
    BIAS_TWICE = "bias-twice", "a bias was added twice", MANY
    BIASES_LEFT_OUT = "biases-left-out", "the norm was computed without the gradients of the biases"
    BINARY_FOR_SOFTMAX = "binary-for-softmax", "yes and no of every letter were counted, not only the target letter"
    CHOICE_LEFT_OUT = (
        "choice-left-out",
        "the probabilities were the next input, not the most likely choice",
        MANY,
    )
    CLIPPED_FIRST = "clipped-first", "the norm was computed after clipping"
    CLIPPED_NEEDLESSLY = "clipped-needlessly", "the gradients were clipped although their norm is below the threshold"
    DEGREES = "degrees", "a number was used as an angle in degrees"
    DIVIDED_BY_COUNT = "divided-by-count", "softmax was divided by the number of letters, not by the sum"
    DIVIDED_BY_LARGEST = "divided-by-largest", "softmax was divided by the largest, not by the sum"
    DIVIDED_TWICE = "divided-twice", "the mean over the steps was divided by the number of steps again", MANY
    ELEMENT_BY_ELEMENT = "element-by-element", "element-wise product instead of the matrix product", MANY
    ENTROPY = "entropy", "the entropy of the probabilities instead of the loss"
    FACTOR_LEFT_OUT = "factor-left-out", "a factor of a product was left out", MANY
    FACTOR_TWICE = "factor-twice", "a factor was used twice"
    GATES_SWAPPED = "gates-swapped", "another gate was used", MANY
    H_LEFT_OUT = "h-left-out", "the factor h of h · (1 − h) was left out"
    HALF_LEFT_OUT = "half-left-out", "the ½ of the squared error was left out", MANY
    INITIAL_STATE = "initial-state", "h₀ was taken as zeros or ones, but it is neither", MANY
    INVERSE_SLOPE = "inverse-slope", "1 divided by the slope of the activation was used"
    LOG_BASE_10 = "log-base-10", "logarithm to base 10", MANY
    LOG_BASE_2 = "log-base-2", "logarithm to base 2", MANY
    LOG_LEFT_OUT = "log-left-out", "the logarithm was not taken"
    MATRIX_PRODUCT = "matrix-product", "matrix product instead of the element-wise product", MANY
    MEAN_FOR_SUM = "mean-for-sum", "the mean instead of the sum", MANY
    MIN_FOR_MAX = "min-for-max", "the smaller of 0 and the number was used instead of the larger"
    MINUS_FOR_PLUS = "minus-for-plus", "minus instead of plus"
    NO_FLOW_BACK = "no-flow-back", "the gradient from the next step was left out", MANY
    NO_SQUARE = "no-square", "1 − h instead of the slope 1 − h²", MANY
    NORMS_ADDED = "norms-added", "the norms of the tables were added"
    NOT_ADDED_UP = "not-added-up", "not all steps were added", MANY
    NOT_CLIPPED = "not-clipped", "a gradient was not clipped", MANY
    NOT_TRANSPOSED = "not-transposed", "a matrix was not transposed", MANY
    ONE_MINUS_LEFT_OUT = "one-minus-left-out", "the factor 1 − h of h · (1 − h) was left out"
    ONE_MINUS_P = "one-minus-p", "1 − p instead of the logarithm"
    ONE_MINUS_SIGMOID = "one-minus-sigmoid", "1 − σ instead of σ (a sign was reversed)"
    ONE_PLUS_SQUARE = "one-plus-square", "1 + h² instead of the slope 1 − h²", MANY
    ONE_SUBTRACTED = "one-subtracted", "1 was subtracted in every row, not only in the row of the target letter"
    ONLY_FLOW_BACK = "only-flow-back", "only the gradient from the next step was used", MANY
    PLUS_FOR_MINUS = "plus-for-minus", "plus instead of minus", MANY
    POWER_OF_TEN = "power-of-ten", "10 to the power of the score instead of e"
    ROOT_LEFT_OUT = "root-left-out", "the norm was computed without the square root", MANY
    SHIFTED_BY_A_CELL = "shifted-by-a-cell", "the numbers are one cell away from where they belong"
    SIGMOID_FOR_SOFTMAX = "sigmoid-for-softmax", "sigmoid of each score instead of softmax"
    SIGMOID_FOR_TANH = "sigmoid-for-tanh", "sigmoid instead of tanh", MANY
    SIGN_REVERSED = "sign-reversed", "the sign was reversed", MANY
    SINH_FOR_TANH = "sinh-for-tanh", "sinh instead of tanh"
    SLOPE_ADDED = "slope-added", "multiplied by the slope of the output function, which has already cancelled out", MANY
    SLOPE_LEFT_OUT = "slope-left-out", "the slope of the activation was left out", MANY
    SLOPE_OF_A = "slope-of-a", "the slope was computed from a instead of h", MANY
    SLOPE_TWICE = "slope-twice", "the slope of the activation was applied twice", MANY
    SOFTMAX_DIAGONAL = "softmax-diagonal", "only p · (1 − p) was used, the diagonal of the softmax derivative", MANY
    SOFTMAX_FOR_SIGMOID = "softmax-for-sigmoid", "softmax instead of the sigmoid of each score"
    SOFTMAX_NOT_DIVIDED = "softmax-not-divided", "softmax was not divided by the sum", MANY
    SOFTMAX_OVER_TIME = "softmax-over-time", "softmax was divided by the sum over the steps, not over the letters"
    SOFTMAX_WITHOUT_EXP = "softmax-without-exp", "softmax without exp", MANY
    SQUARE_ALONE = "square-alone", "h² instead of the slope 1 − h²", MANY
    SQUARE_LEFT_OUT = "square-left-out", "the differences were not squared", MANY
    SQUARED_ERROR_FOR_LOG = "squared-error-for-log", "squared differences instead of the logarithm"
    START_COUNTED = "start-counted", "the gradient of an initial state was included in the norm"
    SUM_FOR_MEAN = "sum-for-mean", "the sum instead of the mean", MANY
    SUM_OF_ABSOLUTES = "sum-of-absolutes", "absolute values were added instead of squares"
    TAN_FOR_TANH = "tan-for-tanh", "tan instead of tanh"
    TANH_FOR_SIGMOID = "tanh-for-sigmoid", "tanh instead of sigmoid", MANY
    TANH_TWICE = "tanh-twice", "tanh applied again instead of the slope 1 − h²", MANY
    TARGET_LEFT_OUT = "target-left-out", "the target was left out", MANY
    TARGET_OVER_P = "target-over-p", "−target / p, the derivative of the loss with respect to p instead of y"
    TERM_LEFT_OUT = "term-left-out", "a term of a sum was left out", MANY
    TRANSPOSED = "transposed", "rows and columns were swapped", MANY
    WRONG_BIAS = "wrong-bias", "another bias was used", MANY
    WRONG_LAYER = "wrong-layer", "a number from another layer was used", MANY
    WRONG_ROW = "wrong-row", "a number from another row was used"
    WRONG_STEP = "wrong-step", "a number from another step was used", MANY
    WRONG_TABLE = "wrong-table", "numbers from another table were used or written"
    WRONG_TARGET = "wrong-target", "a wrong target was used", MANY
    WRONG_TOKEN = "wrong-token", "another letter or word was used as the input", MANY
    WRONG_WEIGHT = "wrong-weight", "another weight was used", MANY

    # slips of copying a number that was worked rightly
    DIGIT_WRONG = "digit-wrong", "one digit was wrong"
    DIGITS_SWAPPED = "digits-swapped", "two adjacent digits were swapped"
    POINT_MOVED = "point-moved", "the decimal point was in the wrong place"
    ROW_TWICE = "row-twice", "the number of one row was written in two rows"
    ROWS_SWAPPED = "rows-swapped", "two rows were swapped"
    SIGN_LOST = "sign-lost", "the sign was wrong"
