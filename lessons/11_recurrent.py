# %% [markdown]
# # 11 · One step at a time
#
# ![Rows of small squares, bright or dark, above the letters of a sentence: how far gates are open at each letter.](pictures/11_recurrent.png)
#
# Today a network reads one step after the other and remembers.
#
# **After this lesson you can**
# 1. explain autoregressive models, recurrent layers, vanishing gradients, the gates of an LSTM;
# 2. write a language model and a forecaster, and measure both against baselines;
# 3. tell when a table beats a network, and when a test leaks the future.
#
# {{measured}} **You need** lessons 00 and 02, or: a dense layer, softmax, a training run. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=11)

import keras
import numpy as np
from keras import layers

from labs import check, data, forecasting, plot, recurrent, sequences
from labs.ngrams import NGramModel, share_of_new

# %% [markdown]
# ## 1 · What comes next?
#
# A **sequential model** reads or writes sequences of any length: *many-to-one* (a review to its stars), *one-to-many* (a photo to its caption), *many-to-many* (each letter to the next). (`keras.Sequential` is something else: a chain of layers.)
#
# A model that predicts the next symbol is a **language model**. Ours reads a novel, letter by letter, in lower case. The last tenth is held out.

# %%
text = sequences.one_line(data.text("pride_and_prejudice"))
vocabulary = sequences.Vocabulary(text)
ids = vocabulary.encode(text)
held_out = 9 * len(ids) // 10
train_ids, test_ids = ids[:held_out], ids[held_out:]
print(f"{len(text):,} characters, {len(vocabulary)} different ones")
print(text[50:150], "→", ids[50:60], "...")

# %% [markdown]
# The **joint distribution** of a text is a product, without any assumption ($p(x_2 \mid x_1)$: how likely $x_2$ is after $x_1$):
#
# $$p(x_1 \ldots x_T) = p(x_1)\,p(x_2 \mid x_1) \cdots p(x_T \mid x_1 \ldots x_{T-1})$$
#
# An **autoregressive model** predicts each symbol from those before it. A **Markov model** looks back through a fixed window and drops the rest. With n - 1 symbols in the window it is an **n-gram** model: it counts what followed each window, and mixes in shorter ones where it saw little.
#
# We measure in **bits a character**: the mean, over all characters, of minus the base-2 logarithm of the probability that the model gave to what came. It is the cross-entropy divided by ln 2, elsewhere *bits per character*. Two bits are a guess among four characters.
#
# **Predict:** a longer window knows more. Does the model get better without end?

# %%
orders = range(1, 9)
table = NGramModel(train_ids, len(vocabulary), max(orders))
table_bits = table.bits(ids, held_out)
best = int(np.argmin(table_bits))
entries = table.entries()[: best + 1]
print(
    f"best: n = {orders[best]}, {table_bits[best]:.2f} bits, {entries[-1]:,} entries, {sum(entries):,} with shorter ones"
)
for length in (5, 7, 10):
    share = share_of_new(text[:held_out], text[held_out:], length)
    print(f"windows of {length} characters: {share:.0%} of the held-out ones are new")
n_label = "n (symbols, the predicted one included)"
plot.curves(
    {"n-gram, held-out text": (orders, table_bits)},
    n_label,
    "bits a character",
    alt="Bits a character of n-grams on held-out text: they fall steeply, are lowest in the middle, and rise again",
)

# %% [markdown]
# First each further letter helps. Then more and more windows of the held-out text are new, most others were seen too rarely to be counted well, and the curve rises again.

# %%
check("what_markov_drops", "b")

# %% [markdown]
# ## 2 · A state that is carried along
#
# A **latent autoregressive model** has a state of fixed size: $h_t = g(h_{t-1}, x_t)$. The prediction reads the state.
#
# A **recurrent neural network** (RNN) learns g. The plain one: two matrix products, a bias, tanh.
#
# ### Exercise 1 · One step

# %%
from labs.exercises.recurrent import rnn_step

# %% [markdown]
# Drawn step by step, the loop becomes a deep network: this is **unrolling**. (␣ is a space.)

# %%
plot.recurrence("a truth")

# %% [markdown]
# Is your step what Keras computes?

# %%
inputs = np.random.default_rng(11).normal(size=(4, 10, 3)).astype("float32")
layer = layers.SimpleRNN(5)
by_keras = layer(inputs)
h = np.zeros((4, 5))
for x in inputs.swapaxes(0, 1):
    h = rnn_step(x, h, *layer.get_weights())
print("largest difference:", np.abs(h - by_keras).max())

# %%
check("why_unrolled_layers_share", "b")

# %% [markdown]
# An *embedding* turns each integer into a trainable vector. Sequences in a batch must have one length. Short ones are filled up with zeros, and **masking** skips these: the state stays as it is. Keras does so after `Embedding(mask_zero=True)`. By hand:

# %%
filled = keras.utils.pad_sequences([[3, 1, 2, 5], [4, 2]], padding="post")
embedding, reader = layers.Embedding(6, 8), layers.SimpleRNN(4)
alone = reader(embedding(np.array([[4, 2]])))
states = np.zeros((2, 4))
for symbols in filled.T:
    new = rnn_step(embedding(symbols), states, *reader.get_weights())
    states = np.where(symbols[:, None] > 0, new, states)
print(filled[1], "against [4 2]: largest difference", np.abs(states[1] - alone).max())

# %% [markdown]
# ## 3 · How far back can it learn?
#
# To learn from a letter 60 steps ago, the gradient must come back 60 steps. We take the gradient of the last state with respect to each input, and divide by that of the last input. One network has doubled recurrent weights.
#
# **Predict:** how does the length of the gradient change over the distance?

# %%
plain = {
    "plain": layers.SimpleRNN(64),
    "plain with doubled weights": layers.SimpleRNN(
        64, recurrent_initializer=keras.initializers.Orthogonal(2.0)
    ),
}
reach = {name: recurrent.gradient_by_distance(one) for name, one in plain.items()}
distances = np.arange(60)
plot.curves(
    {name: (distances, values) for name, values in reach.items()},
    "steps before the last one",
    "gradient, relative",
    logarithmic=True,
    alt="Two nearly straight lines: the gradient of the plain layer falls to nearly nothing, with doubled weights it grows",
)

# %% [markdown]
# On the logarithmic axis a straight line means the same factor at each step. One curve falls to nearly nothing: a **vanishing gradient**, and a **long-term dependency** cannot be learned; a **short-term** one can. The other grows: an **exploding gradient**. Against the second, limit its length: *gradient clipping* (`clipnorm` in Keras' optimizers). Against the first: another layer.

# %%
check("why_gradients_vanish", "a")

# %% [markdown]
# ## 4 · LSTM: gates and a conveyor belt
#
# The **LSTM** (long short-term memory) carries the state h and the **cell state** c, a conveyor belt. Gates, from 0 (closed) to 1 (open), decide what happens on it:
#
# - the **forget gate** f: how much of c stays;
# - the **input gate** i: how much of the candidate (the **update cell**) comes onto the belt;
# - the **output gate** o: how much of it is shown as h.
#
# Books write one matrix for both, W · [x, h]. Keras splits it, x · kernel + h · recurrent_kernel:

# %%
lstm = layers.LSTM(5)
lstm_by_keras = lstm(inputs)
kernel, recurrent_kernel, bias = lstm.get_weights()
joined = np.concatenate([inputs[:, 0], h], axis=1) @ np.concatenate([kernel, recurrent_kernel])
print("largest difference:", np.abs(joined - (inputs[:, 0] @ kernel + h @ recurrent_kernel)).max())

# %% [markdown]
# ### Exercise 2 · The LSTM, gate by gate

# %%
from labs.exercises.recurrent import lstm_step

# %% [markdown]
# ### Exercise 3 · How many weights?

# %%
from labs.exercises.recurrent import lstm_parameters

# %% [markdown]
# Both beside Keras' layer:

# %%
h, c = np.zeros((4, 5)), np.zeros((4, 5))
for x in inputs.swapaxes(0, 1):
    h, c = lstm_step(x, h, c, kernel, recurrent_kernel, bias)
print("largest difference:", np.abs(h - lstm_by_keras).max())
print(f"{lstm_parameters(3, 5)} weights by your count, {lstm.count_params()} by Keras'")
print(f"128 units on 32 inputs: {lstm_parameters(32, 128):,}, 256 units: {lstm_parameters(32, 256):,}")

# %%
check("what_the_cell_state_does", "b")

# %% [markdown]
# The **GRU** (gated recurrent unit) has one state and two gates. **Update gate** z: near 1 it keeps the old state, near 0 it takes the candidate. (Some papers exchange the two roles.) **Reset gate** r: near 0 it hides the old state from the candidate.
#
# **Predict:** which of these keep the gradient alive before any training?

# %%
gated = {
    "LSTM": layers.LSTM(64),
    "LSTM with open forget gates": recurrent.open_forget_gate(layers.LSTM(64)),
    "GRU": layers.GRU(64),
}
reach |= {name: recurrent.gradient_by_distance(one) for name, one in gated.items()}
plot.curves(
    {name: (distances, values) for name, values in reach.items() if "doubled" not in name},
    "steps before the last one",
    "gradient, relative",
    logarithmic=True,
    alt="The gradient falls fastest in the GRU, then in the plain layer, then in the LSTM; with open forget gates it lasts",
)

# %% [markdown]
# Before training, gradients vanish in LSTM and GRU, too, in the GRU even faster than in the plain layer: its gates begin half open, the LSTM's forget gates at 0.73. But a gate can learn to open: with open forget gates the gradient falls at once, and then lasts.
#
# ## 5 · A language model
#
# Three layers: a vector for each character, a recurrent layer, logits for the next one. We take a GRU; section 9 compares.
#
# ### Exercise 4 · The network

# %%
from labs.exercises.recurrent import build_language_model

# %% [markdown]
# Every step has a target, the character that follows:

# %%
x, y = sequences.text_windows(train_ids, length=40, count=1, seed=11)
print("input: ", vocabulary.decode(x[0]))
print("target:", vocabulary.decode(y[0]))

# %% [markdown]
# We train with random stretches of 32 characters. (About 20 seconds.)

# %%
keras.utils.set_random_seed(11)
model = build_language_model(len(vocabulary))
sequences.train_language_model(model, train_ids, 1000, length=32, batch_size=40, rate=1e-2)
bits, error = sequences.bits_a_symbol(model, test_ids)
print(f"{model.count_params():,} weights: {bits:.3f} ± {error:.3f} bits a character on held-out text")
plot.curves(
    {"n-gram": (orders, table_bits), "network": ([orders[0], orders[-1]], [bits, bits])},
    n_label,
    "bits a character",
    alt="Bits a character: the network's line runs below the tables up to n = 4, and above the best table",
)

# %% [markdown]
# The network is better than the tables of short windows, and worse than the best one, whose n was chosen on the held-out text, which favors it. Say so when you report it. With more text and time networks win: more than half of the held-out windows of ten letters are new to a table.
#
# ## 6 · Writing
#
# To write, we draw a character, append it, and ask again. The **temperature** divides the logits before softmax.
#
# ### Exercise 5 · Drawing a symbol

# %%
from labs.exercises.recurrent import sample_with_temperature

# %% [markdown]
# **Predict:** what do a low and a high temperature do to the text? The best table writes, too.

# %%
prompt = "it is a truth universally acknowledged, that "
texts = sequences.write(model, vocabulary, prompt, 240, (0.3, 0.8, 1.3), sample_with_temperature, seed=1)
for temperature, written in texts.items():
    print(f"temperature {temperature}:\n  {written}\n")
best_table = NGramModel(train_ids, len(vocabulary), orders[best])
print(f"table, n = {orders[best]}:\n ", best_table.write(vocabulary, prompt, 240))

# %%
check("low_temperature", "a")

# %% [markdown]
# The low temperature repeats common words, the high one invents words. Now look inside: for a held-out sentence we draw of each gate the twelve units that move most.

# %%
begin = text.index(". ", held_out) + 2
sentence = text[begin : begin + 48]
opened = recurrent.gates(model, vocabulary.encode(sentence))
moving = {name: np.argsort(-values.std(axis=0))[:12] for name, values in opened.items()}
plot.gates(
    sentence,
    {name: values[:, moving[name]] for name, values in opened.items()},
    alt="Most gates are nearly open or nearly closed; the columns of the spaces are the darkest of the reset gate",
)

# %% [markdown]
# Careful with the name: an *open* update gate keeps the old state. Follow the columns of the spaces: nearly all of these reset gates close there, so the candidate is made without the old state. Many update gates close, too.
#
# ## 7 · Korean, letter by letter
#
# A Korean syllable is written with **jamo**, its letters. A consonant at the beginning of a syllable and the same one at its end count as two symbols, though they look alike. With jamo as characters, the constitution of Korea has far fewer different ones. (About 10 seconds.)

# %%
law = data.text("constitution")
jamo = sequences.to_jamo(law)
korean = sequences.Vocabulary(jamo)
korean_ids = korean.encode(jamo)
print(f"{len(law):,} characters, {len(set(law))} different")
print(f"taken apart: {len(jamo):,} symbols (jamo, digits, signs), {len(korean)} different")
print(law[:4], "→", " ".join(sequences.to_syllables(letter) for letter in jamo[:11]))

# %%
korean_cut = 9 * len(korean_ids) // 10
korean_table = NGramModel(korean_ids[:korean_cut], len(korean), max(orders)).bits(korean_ids, korean_cut)
keras.utils.set_random_seed(11)
korean_model = build_language_model(len(korean))
curves = sequences.train_language_model(
    korean_model,
    korean_ids[:korean_cut],
    350,
    korean_ids[korean_cut:],
    rounds=7,
    length=32,
    batch_size=24,
    rate=1e-2,
)
korean_prompt = sequences.to_jamo("모든 국민은 ")
law_text = sequences.write(korean_model, korean, korean_prompt, 160, (0.5,), sample_with_temperature)
print(sequences.to_syllables(korean_prompt + law_text[0.5]))
korean_bits, error = sequences.bits_a_symbol(korean_model, korean_ids[korean_cut:])
print(f"held out: {korean_bits:.2f} ± {error:.2f} bits, best table {min(korean_table):.2f}")
plot.curves(
    curves | {f"best n-gram, n = {np.argmin(korean_table) + 1}": [min(korean_table)] * 7},
    "fifty steps each",
    "bits a character",
    alt="The training curve falls all the time, the held-out one flattens near the line of the best n-gram: the gap grows",
)

# %% [markdown]
# The sample sounds like a law, with formulas such as "as provided by law" (법률이 정하는 바에 의하여), and means nothing. The training curve goes on falling, the held-out one flattens: the growing gap is overfitting, as in lesson 02. Network and table lie near each other, with n chosen on the held-out text: claim no victory.

# %% [markdown]
# ## 8 · Forecasting
#
# The temperature of the sea off Peru, month by month.

# %%
months, temperatures = data.series("sea_temperature")
plot.curves(
    {"sea surface": (months[-240:], temperatures[-240:])},
    "year",
    "°C",
    alt="Twenty years of sea temperature: a wave each year, in 1998 far higher than in the others",
)

# %% [markdown]
# A season, and years that leave it: El Niño. We forecast three months ahead, from two years.
#
# ### Exercise 6 · Windows

# %%
from labs.exercises.recurrent import make_windows

# %% [markdown]
# The split is in time: the past trains, the future tests. All training targets are known when the first forecast is made.

# %%
horizon, season = 3, 12
x, y = make_windows(temperatures, 24, horizon)
first = 8 * len(x) // 10
x_train, y_train = x[: first - horizon + 1], y[: first - horizon + 1]
x_test, y_test = x[first:], y[first:]

# %% [markdown]
# A forecaster must beat those who compute nothing: **persistence** (it stays as it is) and the **seasonal naive** forecast (as a year ago). We add a linear one. The network scales by mean and deviation of the training part: those of all months know the future. (About 5 seconds.)

# %%
keras.utils.set_random_seed(11)
network = forecasting.Forecaster(24).fit(x_train, y_train)
forecasts = {
    "persistence": forecasting.persistence(x_test),
    "seasonal naive": forecasting.seasonal_naive(x_test, season, horizon),
    "linear": forecasting.linear(x_train, y_train, x_test),
    "LSTM": network.predict(x_test),
}
plot.bars(
    {name: forecasting.mean_absolute_error(values, y_test) for name, values in forecasts.items()},
    "mean absolute error in °C",
    digits=2,
    alt="The LSTM errs less than both naive forecasts, and little less than the linear one",
)

# %%
plot.curves(
    {"measured": (months[-72:], y_test[-72:])}
    | {name: (months[-72:], forecasts[name][-72:]) for name in ("seasonal naive", "LSTM")},
    "year",
    "°C",
    beside=True,
    alt="Six seasons: the seasonal naive forecast repeats the trough of the year before, the LSTM is nearer to the measured one",
)

# %% [markdown]
# The network is better than both naive forecasts. Its lead over the linear one is about one standard error: not decided. Look at the troughs: the naive forecast repeats last year's.
#
# ### The leak
#
# We forecast carbon dioxide on Mauna Loa a quarter of a year ahead, from two years of weeks: what came after the most similar training window? One split is in time, one at random, with about a fifth of the windows of the same test years. **Predict** both errors.

# %%
_weeks, carbon = data.series("co2")
x_carbon, y_carbon = make_windows(forecasting.filled(carbon), 104, 13)
number = np.arange(len(x_carbon))
last_years = number >= 8 * len(number) // 10
drawn = np.random.default_rng(11).random(len(number)) < 0.8
splits = {
    "split in time": (number <= np.argmax(last_years) - 13, last_years),
    "split at random": (drawn, last_years & ~drawn),
}
errors = {"seasonal naive": forecasting.seasonal_naive(x_carbon[last_years], 52, 13) - y_carbon[last_years]}
for name, (past, future) in splits.items():
    errors[name] = forecasting.nearest(x_carbon[past], y_carbon[past], x_carbon[future]) - y_carbon[future]
plot.bars(
    {name: float(np.abs(one).mean()) for name, one in errors.items()},
    "mean absolute error in ppm",
    alt="Split at random the error is far below the seasonal naive one, split in time far above it",
)

# %% [markdown]
# At random, it looks far better than the seasonal naive forecast. In time, it fails: it can only repeat values that it has seen, and later ones are higher. The random split had put neighbors of nearly each test window, a week away, into training.

# %%
check("why_random_splits_leak", "b")

# %% [markdown]
# ## 9 · LSTM or GRU?
#
# "GRU often beats LSTM", one reads. Both on the novel, nearly equal numbers of weights, 500 steps, three seeds:

# %%
stored = recurrent.stored_bits()
for name, (weights, values) in stored.items():
    print(f"{name:10} {weights:,} weights, {len(values)} seeds")
print(f"difference: {stored['LSTM'][1].mean() - stored['GRU'][1].mean():.2f} bits a character")
plot.bars(
    {
        name: (float(values.mean()), values.std(ddof=1) / len(values) ** 0.5)
        for name, (_, values) in stored.items()
    },
    "bits a character, held-out text",
    digits=2,
    alt="The GRU needs fewer bits than the LSTM, by many standard errors",
)

# %% [markdown]
# The GRU is better by many standard errors, for this text, this size and these few steps. Vanishing before training does not decide who learns faster.
#
# ## 10 · Broken lab
#
# A colleague trains a language model. The loss is wonderful:

# %%
keras.utils.set_random_seed(11)
broken = build_language_model(len(vocabulary), units=32)
x, y = sequences.text_windows(train_ids, 32, 3200)
curves = sequences.train_language_model(broken, train_ids, 100, rounds=4, rate=2e-2, windows=(x, x))
print("training:", [f"{value:.2f}" for value in curves["training"]], "bits")
print(f"held-out text: {sequences.bits_a_symbol(broken, test_ids)[0]:.2f} bits")

# %%
check("loss_too_good", "b")

# %% [markdown]
# ## 11 · From older Keras
#
# These lines fail today:

# %%
with labs.expect_error(ImportError):
    from keras.preprocessing.text import Tokenizer  # today: layers.TextVectorization

with labs.expect_error(ImportError):
    from keras.layers import CuDNNLSTM  # today: layers.LSTM chooses the fast way by itself

with labs.expect_error(ValueError):
    layers.LSTM(8, batch_input_shape=(1, None, 4))  # today: keras.Input(batch_shape=...)

# %% [markdown]
# ## 12 · Where transformers took over
#
# A recurrent network must carry everything through one state. A **transformer** (2017) looks back at all earlier symbols at once: from any to any other it is one step, and in training, all positions of a text are computed at the same time. Large language models are transformers. Recurrent layers remain where memory must be small.
#
# ## 13 · Challenge: Korean within a budget
#
# Your own model for jamo, with few weights and few steps.

# %%
from labs.exercises.recurrent import build_korean_model

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · The GRU, gate by gate

# %%
from labs.exercises.recurrent import gru_step

# %%
gru = layers.GRU(5)
gru_by_keras = gru(inputs)
h = np.zeros((4, 5))
for x in inputs.swapaxes(0, 1):
    h = gru_step(x, h, *gru.get_weights())
print("largest difference:", np.abs(h - gru_by_keras).max())

# %%
from labs.exercises.recurrent import gru_parameters

# %% [markdown]
# ### Extra · A bigram model
#
# An n-gram with n = 2, as a matrix:

# %%
from labs.exercises.recurrent import bigram_probabilities

# %%
after = bigram_probabilities(train_ids, len(vocabulary))
for symbol in "qth":
    likely = np.argsort(-after[vocabulary.symbols.index(symbol)])[:4]
    print(f"after {symbol}: {[vocabulary.symbols[number] for number in likely]}")

# %% [markdown]
# ### Your own text
#
# Put the path of a text file in place of `None`. Bits a character compare texts of one script only, so Korean is taken apart into jamo.

# %%
path = None
own = sequences.to_jamo(law if path is None else sequences.load_text(path))
symbols = sequences.Vocabulary(own)
own_ids = symbols.encode(own)
own_table = NGramModel(own_ids[: 9 * len(own_ids) // 10], len(symbols), 5)
own_bits = own_table.bits(own_ids, 9 * len(own_ids) // 10)
name = "the constitution, as jamo" if path is None else "your text"
figure = plot.curves(
    {"the novel": (orders, table_bits), name: (range(1, 6), own_bits)}, n_label, "bits a character"
)
figure.savefig(labs.work_folder() / "predictable.png", bbox_inches="tight")
print(sequences.to_syllables(own[:20] + own_table.write(symbols, own[:20], 150)))
print("saved until this notebook closes:", labs.work_folder() / "predictable.png")
figure

# %% [markdown]
# ## Recap
#
# - An n-gram counts windows; a recurrent network carries a state.
# - Gradients through many steps vanish or explode. The gates of LSTM and GRU can learn to keep them.
# - Report bits beside the best table, and errors beside naive forecasts.
# - Split series in time. A loss that is too good is a leak until proved otherwise.
#
# **Read on:** Vaswani and others, *Attention is all you need* (2017). **Next:** 12, what else pixels can do.

# %%
check.progress("11")
