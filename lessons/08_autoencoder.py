# %% [markdown]
# # 08 · Squeeze and restore
#
# ![Rows of handwritten digits that turn into each other step by step: a network drew each of them from two numbers.](pictures/08_autoencoder.png)
#
# A network squeezes each image into a few numbers and restores it. Labels only choose images and check results.
#
# **After this lesson you can**
# 1. explain encoder, decoder, latent vector and bottleneck, and what PCA has to do with them;
# 2. build an autoencoder, remove noise with one, and find anomalies with another;
# 3. turn it into a variational autoencoder, and draw new digits from random numbers.
#
# {{measured}} **You need** lessons 01, 02 and 06, or: convolution, a loss curve, `Conv2DTranspose`. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=8)

import keras
import numpy as np
from keras import layers

from labs import autoencoder, check, data, plot, samples

# %% [markdown]
# ## 1 · Fewer numbers: PCA
#
# An image of 28×28 pixels is a list of 784 numbers. Most lists of 784 numbers look like nothing:

# %%
(x_train, _labels), (x_test, y_test) = data.mnist()
y_test = y_test[:5000]
x_train, x_test = (images[..., None] / np.float32(255) for images in (x_train[:12_000], x_test[:5000]))
random = np.random.default_rng(8)
lists = random.uniform(size=(4, 28, 28))
plot.images(
    [*x_test[:4], *lists],
    ["digit"] * 4 + ["random"] * 4,
    alt="Four handwritten digits; four images of random numbers, all the same gray snow",
)

# %% [markdown]
# Digits fill a tiny part of the space of all such lists. We think of the part as a curved surface, a **manifold**. To describe a place on it, few numbers should be enough: this is **dimension reduction**.
#
# The oldest way is **PCA**, principal component analysis. It finds the flat space (with two numbers, a plane) that lies nearest to all images. A **code** is the list of numbers that give a place in it. How near? For this we need an error.
#
# ### Exercise 1 · The error of a restored image

# %%
from labs.exercises.autoencoder import reconstruction_error

# %% [markdown]
# **Predict:** how many numbers must a code have until you can read the digit?

# %%
sizes = [2, 8, 32, 128]
pca = autoencoder.PrincipalComponents(x_train[:10_000], max(sizes))
pca_codes = pca.encode(x_test)  # the number that tells most comes first
restored = {size: pca.decode(pca_codes[:, :size]) for size in sizes}
pca_errors = {size: float(np.mean(reconstruction_error(x_test, restored[size]))) for size in sizes}
plot.images(
    [x_test[1], *(np.clip(restored[size][1], 0, 1) for size in sizes)],
    ["original", *(f"{size} numbers\n{pca_errors[size]:.4f}" for size in sizes)],
    columns=5,
    alt="A digit 2 restored from 2, 8, 32 and 128 numbers: first a blur, from 32 on it can be read",
)

# %% [markdown]
# Above each: the mean error over 5,000 test images. With two numbers it is a blur, with 32 you can read it.
#
# ## 2 · An autoencoder
#
# An **autoencoder** is a network that learns to give back its input. The **encoder** makes the **latent vector**, the code; the **decoder** makes the image from it. In between is the **bottleneck**: fewer numbers than pixels. With as many, the network could copy.
#
# ### Exercise 2 · Encoder and decoder

# %%
from labs.exercises.autoencoder import build_autoencoder

# %%
check("bottleneck_purpose", "b")

# %% [markdown]
# `train_autoencoder` compiles with the mean squared error and trains for one epoch. Input and target are the same images.

# %%
keras.utils.set_random_seed(8)
encoder, decoder, model = build_autoencoder(latent=32)
autoencoder.train_autoencoder(model, x_train, x_train)
codes = encoder.predict(x_test, batch_size=500, verbose=0)
print(f"{x_test[0].size} pixels → {codes.shape[1]} numbers, {x_test[0].size / codes.shape[1]:.1f} to 1")

# %% [markdown]
# **Predict:** at equal size of the code, which restores better, PCA or the network?

# %%
by_network = decoder.predict(codes, batch_size=500, verbose=0)
network_error = float(np.mean(reconstruction_error(x_test, by_network)))
plot.bars({"PCA": pca_errors[32], "autoencoder": network_error}, "mean squared error at 32 numbers")

# %%
shown = [7, 8, 18, 33]
plot.images(
    [images[number] for images in (x_test, np.clip(restored[32], 0, 1), by_network) for number in shown],
    [text for text in ("original", "PCA", "autoencoder") for _image in shown],
    columns=4,
    alt="Four digits, restored from 32 numbers: PCA leaves gray clouds around the strokes, the autoencoder does not",
)

# %% [markdown]
# PCA leaves gray clouds around the strokes. Its restored images are sums of fixed pictures; the network's surface may bend.
#
# And a network without bends, one dense layer each way and no activation?

# %%
straight = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(32),
        layers.Dense(784),
        layers.Reshape((28, 28, 1)),
    ]
)
few = x_train[:5000]
autoencoder.train_autoencoder(straight, few, few, epochs=3, batch_size=25, rate=8e-3)
straight_error = float(
    np.mean(reconstruction_error(x_test, straight.predict(x_test, batch_size=500, verbose=0)))
)
print(f"linear autoencoder {straight_error:.4f}, PCA {pca_errors[32]:.4f}")

# %% [markdown]
# Near PCA: nonlinear layers make the difference.

# %%
check("linear_autoencoder", "b")

# %% [markdown]
# ## 3 · The latent plane
#
# With a code of two numbers, every image is a point in a plane.

# %%
keras.utils.set_random_seed(8)
plane_encoder, plane_decoder, plane_model = build_autoencoder(latent=2)
autoencoder.train_autoencoder(plane_model, x_train[:8000], x_train[:8000])
plane = plane_encoder.predict(x_test, batch_size=500, verbose=0)
by_plane = plane_decoder.predict(plane, batch_size=500, verbose=0)
two_numbers = float(np.mean(reconstruction_error(x_test, by_plane)))
plot.points(
    {
        "PCA": np.array(list(pca_errors.items())),
        "autoencoder": np.array([(2, two_numbers), (32, network_error)]),
    },
    "numbers in the code",
    "mean squared error",
)

# %% [markdown]
# With two numbers the network gains nothing, with 32 it does. Now the plane; nobody told the network which digit is which:

# %%
plot.plane(
    {"autoencoder": plane},
    y_test,
    alt="Codes as points, drawn as digits: 0 and 1 lie apart, the others overlap in a crowded middle",
)

# %% [markdown]
# To find such a plane, where similar images are neighbors, is **manifold learning**.
#
# Is there a digit at every place? We ask the network with 32 numbers, at random codes with the mean and the spread of real ones. The first is the one farthest from every known code, that of a training image. **Predict:** what does the decoder draw there?

# %%
known = encoder.predict(x_train[:10_000], batch_size=500, verbose=0)
random_codes = random.multivariate_normal(known.mean(axis=0), np.cov(known.T), 1000)
distance = {
    name: autoencoder.distances(known, places)
    for name, places in {"new digits": codes[:1000], "random codes": random_codes}.items()
}
shown_codes = [*random_codes[[np.argmax(distance["random codes"])]], *random_codes[:7]]
from_random = decoder.predict(np.array(shown_codes), verbose=0)
print({name: f"{values.mean():.1f} to the nearest known code" for name, values in distance.items()})
plot.images(
    [*x_test[:8], *by_network[:8], *from_random],
    ["original"] * 8 + ["restored"] * 8 + ["farthest"] + ["random"] * 7,
    alt="Eight digits; restored, each can be read; of random codes come strokes, some of them like a digit",
)

# %% [markdown]
# How many of the last row are digits? The decoder is able: it restores new digits. But random codes lie much farther from every known code: many fall into a **hole**. The loss asks for good images only at codes of real digits. In a hole nobody has checked the decoder.

# %%
check("holes_in_latent_space", "a")

# %% [markdown]
# ## 4 · Denoising
#
# First use: **denoising**. Noisy images are the input, clean ones the target.
#
# ### Exercise 3 · Noise

# %%
from labs.exercises.autoencoder import add_noise

# %% [markdown]
# How good is a restored image? Engineers count in decibels: ten more mean a tenth of the squared error.
#
# ### Exercise 4 · PSNR

# %%
from labs.exercises.autoencoder import psnr

# %% [markdown]
# A denoiser needs no bottleneck: its target is not its input, so a copy would still be noisy. Our network has a skip connection, as in lesson 06.

# %%
keras.utils.set_random_seed(8)
denoiser = autoencoder.denoiser()
print(f"{denoiser.count_params():,} parameters, {denoiser.input_shape[1:]} → {denoiser.output_shape[1:]}")

# %%
many = x_train[:10_000]
noisy_many = add_noise(many, 0.4, random.standard_normal(many.shape, dtype=np.float32))
autoencoder.train_autoencoder(denoiser, noisy_many, many, batch_size=20, rate=0.012)
noisy = add_noise(x_test[:1000], 0.4, random.standard_normal((1000, 28, 28, 1), dtype=np.float32))
clean = denoiser.predict(noisy, verbose=0)
decibels = {
    text: np.mean([psnr(one, reference) for one, reference in zip(images, x_test, strict=False)])
    for text, images in {"noisy": noisy, "denoised": clean}.items()
}
print({text: f"{value:.1f} dB" for text, value in decibels.items()})

# %%
plot.images(
    [images[number] for images in (noisy, clean, x_test) for number in range(6)],
    [text for text in ("noisy", "denoised", "original") for _image in range(6)],
    columns=6,
    alt="Six digits in noise, the same denoised with clear strokes on black, and the originals",
)

# %% [markdown]
# Look for strokes that noise had broken: the network closes them. Where it guesses wrong, it invents: do not measure in a denoised image.
#
# ## 5 · Anomaly detection
#
# Second use, **anomaly detection**: what an autoencoder restores badly, it does not know. We train on shoes only, and ask what does not look like a shoe.

# %%
(clothes, kinds), (new_clothes, new_kinds) = data.fashion_mnist()
clothes, new_clothes = (images[..., None] / np.float32(255) for images in (clothes, new_clothes))
shoes = [data.FASHION_MNIST_CLASSES.index(name) for name in ("Sandal", "Sneaker", "Ankle boot")]
own = clothes[np.isin(kinds, shoes)]
keras.utils.set_random_seed(8)
_shoe_encoder, _shoe_decoder, shoe_model = build_autoencoder(latent=8)
autoencoder.train_autoencoder(shoe_model, own[:3000], own[:3000])

# %% [markdown]
# Where does *badly* begin? We set the limit with normal images that were not used in training: the **quantile** 0.95, below which 95 % of their errors lie.
#
# ### Exercise 5 · The threshold

# %%
from labs.exercises.autoencoder import anomaly_threshold


# %%
def errors_of(images):
    return np.asarray(reconstruction_error(images, shoe_model.predict(images, batch_size=500, verbose=0)))


threshold = anomaly_threshold(errors_of(own[3000:]))
is_shoe = np.isin(new_kinds, shoes)
normal, anomalous = errors_of(new_clothes[is_shoe]), errors_of(new_clothes[~is_shoe])
print(f"above the threshold: {np.mean(normal > threshold):.3f} of the shoes,", end=" ")
print(f"{np.mean(anomalous > threshold):.3f} of the other clothes")
plot.separation(normal, anomalous, threshold)

# %% [markdown]
# About one shoe in twenty is a false alarm. A higher threshold means fewer false alarms and fewer anomalies found. The **ROC** curve shows every choice at once; the area under it is the probability that an anomaly has a larger error than a shoe.

# %%
false_alarms, found = autoencoder.roc(normal, anomalous)
area = autoencoder.area_under_roc(normal, anomalous)
plot.curves(
    {f"this detector, area {area:.3f}": (false_alarms, found), "guessing, area 0.5": ([0, 1], [0, 1])},
    "share of false alarms",
    "share of anomalies found",
)

# %%
check("threshold_and_false_alarms", "a")

# %% [markdown]
# Which anomalies pass as shoes?

# %%
passing = new_clothes[~is_shoe][np.argsort(anomalous)[:4]]
restored_anomalies = shoe_model.predict(passing, verbose=0)
plot.images(
    [*passing, *restored_anomalies],
    ["anomaly"] * 4 + ["restored"] * 4,
    columns=4,
    alt="Four dark images of other clothes; the network restores something as dark",
)

# %% [markdown]
# Dark things have small errors whatever they are. A small error is no proof of being normal.
#
# ## 6 · The variational autoencoder
#
# Third use: **generation**. We want to draw a random code and get a digit. For that the codes must fill a region we know, without holes.
#
# The encoder of a **variational autoencoder** (VAE) does not give one point for an image. It gives a small cloud: a normal distribution (the bell curve) with a mean and a standard deviation for each number of the code. In each step the decoder gets one code drawn from the cloud. So all codes near the mean must give nearly the same image. *Standard* normal means mean 0 and deviation 1; we write N(0, 1).
#
# Training needs the gradient of the loss for mean and deviation. "Draw a random number" is no formula, so it has none. The trick, **reparameterization**: draw noise from N(0, 1) first, then compute mean + deviation · noise. The variance is the square of the deviation, and positive. So the encoder gives its logarithm, which may be any number.
#
# ### Exercise 6 · Reparameterization

# %%
from labs.exercises.autoencoder import reparameterize

# %%
check("why_reparameterize", "b")

# %% [markdown]
# Left alone, the network would shrink each cloud to a point, or move the clouds far apart. A second term of the loss prevents both: the **KL divergence**. It is 0 when a cloud is N(0, 1), and grows as they differ. Its unit is the nat: like the bit, but with the natural logarithm.
#
# ### Exercise 7 · KL divergence

# %%
from labs.exercises.autoencoder import kl_divergence

# %% [markdown]
# The rest of the network stands in `labs.autoencoder`: dense layers, a code of two numbers. Its reconstruction term is a cross-entropy: each gray value counts as the probability that the pixel is white; summed over the 784 pixels. The negative of (reconstruction + KL) is the **ELBO**: a lower bound of the log-probability that the model gives the image.

# %%
flat_train, flat_test = (images.reshape(-1, 784) for images in (x_train[:10_000], x_test))
keras.utils.set_random_seed(8)
vae = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence)
history = autoencoder.train_variational(vae, flat_train[:5000])
plot.curves(
    {"reconstruction": history["reconstruction"], "KL": history["kl"], "sum": history["loss"]},
    "epoch",
    "nats per image",
)

# %% [markdown]
# The sum falls because the reconstruction term falls. KL stays small and above 0: the price of a code that depends on the image.
#
# Two seconds are not enough for good digits. We load the weights that the same network learned in 20 epochs of all 60,000 training digits (`tools/train_vae.py`).

# %%
print(
    "4 epochs of 5,000 digits:  ", {name: round(value, 1) for name, value in vae.measure(flat_test).items()}
)
vae.load()
print(
    "20 epochs of 60,000 digits:", {name: round(value, 1) for name, value in vae.measure(flat_test).items()}
)

# %% [markdown]
# Compare the planes, and their axes:

# %%
vae_plane = vae.codes(flat_test)
plot.plane(
    {"autoencoder": plane, "variational": vae_plane},
    y_test,
    limit=300,
    alt="Codes as points: those of the autoencoder lie anywhere, those of the variational one around 0, about as N(0, 1)",
)

# %% [markdown]
# The plain codes lie anywhere, those of the VAE where we asked, around 0. And the holes? How far is a random code from the nearest known one? We divide by the same distance for new digits. For the VAE, codes are draws from clouds, as its decoder saw them.


# %%
def drawn_codes(images):
    noise = random.standard_normal((len(images), 2), dtype=np.float32)
    return np.asarray(reparameterize(*vae.clouds(images), noise))


plane_known = plane_encoder.predict(x_train[:10_000], batch_size=500, verbose=0)
plane_random = random.multivariate_normal(plane_known.mean(axis=0), np.cov(plane_known.T), 1000)
draws = random.standard_normal((1000, 2))
farther = {
    "autoencoder, 32 numbers": (known, codes, random_codes),
    "autoencoder, 2 numbers": (plane_known, plane, plane_random),
    "variational, 2 numbers": (drawn_codes(flat_train), drawn_codes(flat_test), draws),
}
for name, (seen, new, places) in farther.items():
    ratio = np.mean(autoencoder.distances(seen, places)) / np.mean(autoencoder.distances(seen, new[:1000]))
    print(f"{name}: {ratio:.1f} times as far")

# %% [markdown]
# 1 means: no farther than a new digit. The VAE is nearest to that, for two reasons: clouds fill the space between their means, and KL packs them where we draw. Walk over its plane:

# %%
steps = np.linspace(-2, 2, 15)
grid = np.array([[(across, up) for across in steps] for up in steps[::-1]])
walked = vae.images(grid.reshape(-1, 2)).reshape(15, 15, 28, 28)
plot.mosaic(
    walked,
    "first number, -2 to 2",
    "second number, -2 to 2",
    alt="225 places of the plane decoded: digits that turn into their neighbors, some places blends of two",
)

# %% [markdown]
# Every place shows a digit or something between two. A **judge**, a classifier trained on all 60,000 digits, tells how many images it recognizes: its largest probability is 0.9 or more, for whatever digit. We ask at codes of real digits and at random ones:

# %%
judge = samples.digit_judge()
by_decoder = decoder.predict(random_codes, batch_size=500, verbose=0)
plot.bars(
    {
        "real digits": samples.recognized(judge, x_test[:1000, ..., 0]),
        "autoencoder, real codes": samples.recognized(judge, by_network[:1000, ..., 0]),
        "autoencoder, random": samples.recognized(judge, by_decoder[..., 0]),
        "variational, real codes": samples.recognized(judge, vae.images(vae_plane[:1000])),
        "variational, random": samples.recognized(judge, vae.images(draws)),
    },
    "share recognized with 0.9 confidence",
    limits=(0, 1),
)

# %% [markdown]
# With 32 numbers the autoencoder restores far better, but at random codes nearly half of its recognized images are lost. The VAE loses far less, and with only two numbers draws at least as many digits.
#
# ### What beta trades
#
# The loss is reconstruction + **beta** · KL. The same network was trained with beta 0.1 and with 10, too. **Predict:** what does each do to both terms, and to random images?

# %%
rows, titles = [], []
for beta in autoencoder.STORED_BETAS:
    network = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=beta).load()
    restored_digits, drawn = network.images(network.codes(flat_test[:1000])), network.images(draws)
    terms = ", ".join(f"{name} {value:.1f}" for name, value in network.measure(flat_test).items())
    shares = [samples.recognized(judge, images)[0] for images in (restored_digits, drawn)]
    print(f"beta {beta}: {terms}; recognized: {shares[0]:.2f} restored, {shares[1]:.2f} random", end="")
    print(f"; codes spread by {network.codes(flat_test).std():.2f}")
    rows += [*restored_digits[:4], *drawn[:4]]
    titles += [f"beta {beta}\nrestored"] * 4 + [f"beta {beta}\nrandom"] * 4
plot.images(
    rows,
    titles,
    alt="Four restored and four random images for each beta: with 0.1 and 1 the restored ones look alike and some random ones are blends; with 10 the 7, the 2 and the random ones are blurred",
)

# %% [markdown]
# The small beta lowers the reconstruction term a little, but spreads the codes: draws from N(0, 1), which spread by 1, reach only their middle, where many digits overlap. The large beta makes each cloud wide, so that a code tells little: what it restores is nearly as blurred as what it draws.
#
# ## 7 · Broken lab
#
# A colleague takes the mean over the 784 pixels where we take the sum. The code runs, the loss falls. **Predict:** what becomes of the two terms?

# %%
keras.utils.set_random_seed(8)
averaged = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=784.0)
# A sum with 784 KL has the balance of a mean with one KL.
averaged_history = autoencoder.train_variational(averaged, flat_train[:5000], epochs=1)
for text, terms in {"sum": history, "mean": averaged_history}.items():
    numbers = ", ".join(f"{name} {terms[name][0]:.2f}" for name in ("reconstruction", "kl"))
    print(f"{text}: {numbers}, means over the first epoch")
plot.images(averaged.images(draws[:6]), columns=6, alt="Six random draws, all nearly the same gray blur")

# %% [markdown]
# KL near 0: every cloud is nearly N(0, 1), whatever the image. The decoder draws about the mean of all digits. This is **posterior collapse**. A mean over 784 pixels makes KL count 784 times more.

# %%
check("mean_against_sum", "b")

# %%
check("large_beta", "c")

# %% [markdown]
# ## 8 · From older Keras
#
# VAE code of 2018 used `keras.backend`. Two lines of it fail today:

# %%
with labs.expect_error(AttributeError):
    keras.backend.random_normal((2, 2))  # today: keras.random.normal

with labs.expect_error(NotImplementedError):
    symbolic = keras.Input((2,))
    keras.Model(symbolic, symbolic).add_loss(keras.ops.mean(symbolic))  # today: inside a layer's call()

# %% [markdown]
# The second message is empty. It means: no `model.add_loss` outside `call()`.
#
# ## 9 · Challenge: clean clothes
#
# Your own denoiser for Fashion-MNIST, under a budget of parameters. The check adds the noise, trains it, and measures its PSNR on new clothes.

# %%
from labs.exercises.autoencoder import build_denoiser

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · Between two digits

# %%
from labs.exercises.autoencoder import interpolate

# %%
start, end = vae_plane[np.argmax(y_test == 1)], vae_plane[np.argmax(y_test == 0)]
in_codes = vae.images(interpolate(start, end, 8))
ends = x_test[np.argmax(y_test == 1)], x_test[np.argmax(y_test == 0)]
in_pixels = [ends[0] + (ends[1] - ends[0]) * step / 7 for step in range(8)]
plot.images(
    [*in_codes, *in_pixels],
    ["codes"] * 8 + ["pixels"] * 8,
    alt="From a 1 to a 0: between codes by way of other digits, between pixels one fades into the other",
)

# %% [markdown]
# Between codes a shape turns into another by way of other digits.
#
# ### Your own photo
#
# Put the path of a photo in place of `None`. How do networks of digits see it?

# %%
path = None
photo = data.photos()["chelsea"] if path is None else labs.load_photo(path)
size = layers.Resizing(28, 28, crop_to_aspect_ratio=True)
small = np.asarray(size(photo.mean(axis=-1, keepdims=True).astype(np.float32))) / 255
as_digit = vae.images(vae.codes(small.reshape(1, 784)))[0]
restored_photo = model.predict(small[None], verbose=0)[0]
figure = plot.images(
    [small, restored_photo, as_digit],
    ["28×28", "from 32 numbers", "from 2 numbers"],
    columns=4,
    alt="A photo in 28×28 pixels, and what networks of digits restore of it: a few strokes",
)
figure.savefig(labs.work_folder() / "squeezed.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "squeezed.png")
figure

# %% [markdown]
# ## Recap
#
# - Encoder, code, decoder: the bottleneck forces the network to learn what images have in common. A linear one is PCA.
# - With other targets it removes noise. With a threshold on its error it finds anomalies.
# - A plain latent space has holes. A VAE has fewer: clouds in place of points, and KL against N(0, 1), from which we draw.
# - Sum both terms of the ELBO; beta weighs sharp images against codes that are where we draw.
#
# **Read on:** Hinton, Salakhutdinov, *Reducing the dimensionality of data with neural networks* (2006) · Vincent and others, *Denoising autoencoders* (2008) · Kingma, Welling, *Auto-encoding variational Bayes* (2014) · Higgins and others, *beta-VAE* (2017). **Next:** 09, two networks against each other.

# %%
check.progress("08")
