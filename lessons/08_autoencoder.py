# %% [markdown]
# # 08 · Squeeze and restore
#
# ![Rows of handwritten digits that turn into each other step by step: a network drew each of them from two numbers.](pictures/08_autoencoder.png)
#
# No labels today. A network learns from images alone: it squeezes each into a few numbers and restores it.
#
# **After this lesson you can**
# 1. explain encoder, decoder, latent vector and bottleneck, and what PCA has to do with them;
# 2. build an autoencoder, remove noise with one, and find anomalies with another;
# 3. turn it into a variational autoencoder, and draw new digits from random numbers.
#
# {{measured}} **You need** lessons 01 and 02, or: convolution, a training run, a loss curve. **Time:** about 90 minutes.
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
(x_train, y_train), (x_test, y_test) = data.mnist()
x_train, x_test = (images[..., None] / np.float32(255) for images in (x_train[:32_000], x_test))
random = np.random.default_rng(8)
lists = random.uniform(size=(4, 28, 28))
plot.images([*x_test[:4], *lists], ["digit"] * 4 + ["random"] * 4)

# %% [markdown]
# Digits fill a tiny part of that space. We think of the part as a curved surface, a **manifold**. To describe a place on it, few numbers should be enough: this is **dimension reduction**.
#
# The oldest way is linear: **PCA**, principal component analysis. It finds the flat space (with two numbers, a plane) that lies nearest to all images. A **code** is the list of numbers that give a place in it. To say how near it comes, we need an error.
#
# ### Exercise 1 · The error of a restored image

# %%
from labs.exercises.autoencoder import reconstruction_error

# %% [markdown]
# **Predict:** how many numbers must a code have until you can read the digit?

# %%
sizes = [2, 8, 32, 128]
linear = {size: autoencoder.PrincipalComponents(x_train[:10_000], size) for size in sizes}
restored = {size: pca.decode(pca.encode(x_test)) for size, pca in linear.items()}
pca_errors = {size: float(np.mean(reconstruction_error(x_test, restored[size]))) for size in sizes}
plot.images(
    [x_test[1], *(np.clip(restored[size][1], 0, 1) for size in sizes)],
    ["original", *(f"{size} numbers\n{pca_errors[size]:.4f}" for size in sizes)],
    columns=5,
)

# %% [markdown]
# Below each: the mean error over all test images. With two numbers it is a blur, with 32 you can read it.
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
# Target and input are the same images. (About 10 seconds.)

# %%
keras.utils.set_random_seed(8)
encoder, decoder, model = build_autoencoder(latent=32)
autoencoder.train_autoencoder(model, x_train[:30_000], x_train[:30_000])
codes = encoder.predict(x_test, batch_size=500, verbose=0)
print(f"{x_test[0].size} pixels → {codes.shape[1]} numbers, {x_test[0].size / codes.shape[1]:.1f} to 1")

# %% [markdown]
# **Predict:** at equal size of the code, who restores better, PCA or the network?

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
autoencoder.train_autoencoder(straight, x_train[:10_000], x_train[:10_000], epochs=4)
straight_error = float(
    np.mean(reconstruction_error(x_test, straight.predict(x_test, batch_size=500, verbose=0)))
)
print(f"linear autoencoder {straight_error:.4f}, PCA {pca_errors[32]:.4f}")

# %% [markdown]
# It comes near PCA. Nonlinear layers make the difference.

# %%
check("linear_autoencoder", "b")

# %% [markdown]
# ## 3 · The latent plane
#
# With a code of two numbers, every image is a point in a plane, and we can look at it. (About 10 seconds.)

# %%
keras.utils.set_random_seed(8)
plane_encoder, plane_decoder, plane_model = build_autoencoder(latent=2)
autoencoder.train_autoencoder(plane_model, x_train[:30_000], x_train[:30_000])
plane = plane_encoder.predict(x_test, batch_size=500, verbose=0)
two_numbers = float(np.mean(reconstruction_error(x_test, plane_model.predict(x_test, verbose=0))))
plot.curves(
    {
        "PCA": (sizes, list(pca_errors.values())),
        "autoencoder": ([2, 32], [two_numbers, network_error]),
    },
    "numbers in the code",
    "mean squared error",
)

# %% [markdown]
# More compression, more error. Only the dots are measured; with two numbers the network is hardly better than PCA. Now the plane; nobody told the network which digit is which:

# %%
hole = autoencoder.largest_hole(plane[:2000])
plot.plane({"autoencoder": plane}, y_test, marked={"autoencoder": hole})

# %% [markdown]
# Some digits lie by themselves, others overlap: **manifold learning**. And there are thin and empty places; the cross marks the largest one away from the rim. **Predict:** what does the decoder draw there, and at random places of the plane?

# %%
plain_draws = random.multivariate_normal(plane.mean(axis=0), np.cov(plane.T), 1000)
places = np.concatenate([hole[None], plain_draws[:7]])
plot.images(plane_decoder.predict(places, verbose=0), ["the cross"] + ["random"] * 7)

# %% [markdown]
# How many of them would you call a digit? Many are blends of two. The loss asks for good images at the codes of real digits, and for nothing in between. Section 6 makes it better.

# %%
check("holes_in_latent_space", "a")

# %% [markdown]
# ## 4 · Denoising
#
# What is an autoencoder good for? First: **denoising**. We make noisy images, and the clean ones are the target.
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
# A denoiser needs no bottleneck: our network has a skip connection, as in lesson 06. (About 15 seconds.)


# %%
keras.utils.set_random_seed(8)
denoiser = autoencoder.denoiser()
print(f"{denoiser.count_params():,} parameters, {denoiser.input_shape[1:]} → {denoiser.output_shape[1:]}")

# %%
noise = random.standard_normal((32_000, 28, 28, 1), dtype=np.float32)
autoencoder.train_autoencoder(denoiser, add_noise(x_train, 0.4, noise), x_train, batch_size=64)
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
)

# %% [markdown]
# Ten decibels more: a tenth of the error. Look for strokes that noise had broken: the network closes them. It knows how digits go. Where it guesses wrong, it invents: do not measure anything in a denoised image.
#
# ## 5 · Anomaly detection
#
# Second use, **anomaly detection**: an autoencoder restores what it knows. What it restores badly, it does not know. We train on shoes only, and ask what does not look like a shoe. No label of the other clothes is used.

# %%
(clothes, kinds), (new_clothes, new_kinds) = data.fashion_mnist()
clothes, new_clothes = (images[..., None] / np.float32(255) for images in (clothes, new_clothes))
shoes = [data.FASHION_MNIST_CLASSES.index(name) for name in ("Sandal", "Sneaker", "Ankle boot")]
own = clothes[np.isin(kinds, shoes)]
keras.utils.set_random_seed(8)
_shoe_encoder, _shoe_decoder, shoe_model = build_autoencoder(latent=8)
autoencoder.train_autoencoder(shoe_model, own[:3000], own[:3000], epochs=6)

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
# As set, about one shoe in twenty is a false alarm. A higher threshold means fewer false alarms and fewer finds. The **ROC** curve shows every choice at once; the area under it is the probability that an anomaly has a larger error than a shoe.

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
# Which anomalies pass as shoes? Those with the smallest errors:

# %%
passing = new_clothes[~is_shoe][np.argsort(anomalous)[:4]]
restored_anomalies = shoe_model.predict(passing, verbose=0)
plot.images([*passing, *restored_anomalies], ["anomaly"] * 4 + ["restored"] * 4, columns=4)

# %% [markdown]
# Dark or plain things have small errors whatever they are. A small error is no proof of being normal.
#
# ## 6 · The variational autoencoder
#
# Third use: **generation**. We want to draw a random code and get a digit. For that the codes must fill a region we know, without holes.
#
# The **variational autoencoder** (VAE) answers with not one code for an image, but a small cloud: a normal distribution with a mean and a variance. The decoder gets a random draw of it. So neighbors of a code must decode to nearly the same image.
#
# A draw has no gradient. The trick: take standard normal noise as an input, multiply it by the deviation and add the mean. The encoder gives the logarithm of the variance, which may have any sign.
#
# ### Exercise 6 · Reparameterization

# %%
from labs.exercises.autoencoder import reparameterize

# %%
check("why_reparameterize", "b")

# %% [markdown]
# Left alone, the network would shrink each cloud to a point, or move the clouds far apart. A second term of the loss prevents both: the **KL divergence**. It is 0 when a cloud is the standard normal distribution, and grows as they differ.
#
# ### Exercise 7 · KL divergence

# %%
from labs.exercises.autoencoder import kl_divergence

# %% [markdown]
# The rest of the network stands in `labs.autoencoder`: dense layers, a code of two numbers. Its reconstruction term is the cross-entropy of all pixels, summed, in nats (natural logarithm). The negative of (reconstruction + KL) is the **ELBO**: a lower bound of the log-probability that the model gives the image. (Half a minute.)

# %%
flat_train, flat_test = (images.reshape(-1, 784) for images in (x_train[:30_000], x_test))
keras.utils.set_random_seed(8)
vae = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence)
history = autoencoder.train_variational(vae, flat_train, epochs=6)
plot.curves(
    {"reconstruction": history["reconstruction"], "KL": history["kl"], "sum": history["loss"]},
    "epoch",
    "nats per image",
)

# %% [markdown]
# The sum falls because the reconstruction term falls. KL stays small and above 0: the price of a code that depends on the image. Now compare the planes:

# %%
vae_plane = vae.codes(flat_test)
vae_hole = autoencoder.largest_hole(vae_plane[:2000])
marked = {"autoencoder": hole, "variational": vae_hole}
plot.plane({"autoencoder": plane, "variational": vae_plane}, y_test, marked=marked)

# %%
in_the_holes = [plane_decoder.predict(hole[None], verbose=0)[0], vae.images(vae_hole[None])[0]]
plot.images(in_the_holes, ["autoencoder's hole", "VAE's hole"], columns=5)

# %% [markdown]
# The variational cloud lies around 0 and is about as wide as a standard normal one. In the hole of the first, the decoder draws a blend. Look at that of the second: near a code everything must decode alike. Now walk over the plane:

# %%
steps = np.linspace(-2, 2, 15)
grid = np.array([[(across, up) for across in steps] for up in steps[::-1]])
walked = vae.images(grid.reshape(-1, 2)).reshape(15, 15, 28, 28)
plot.mosaic(walked, "first number, -2 to 2", "second number, -2 to 2")

# %% [markdown]
# Every place shows a digit or something between two. Is that so? A **judge**, a classifier of digits, tells how many random draws it recognizes with 0.9 confidence. For the plain autoencoder we take the random places of section 3.

# %%
judge = samples.digit_judge(x_train[:12_000], y_train[:12_000])
draws = random.normal(size=(1000, 2))
plot.bars(
    {
        "real digits": samples.recognized(judge, x_test[:1000, ..., 0]),
        "variational": samples.recognized(judge, vae.images(draws)),
        "autoencoder": samples.recognized(
            judge, plane_decoder.predict(plain_draws, batch_size=500, verbose=0)[..., 0]
        ),
    },
    "share recognized with 0.9 confidence",
    limits=(0, 1),
)

# %% [markdown]
# Not everywhere, but more often than in the plain plane. (The two also differ in network, loss and training.) The VAE's digits are blurred: between two classes lies a blend, and a mean of many strokes is gray. Lesson 09 draws sharper ones.
#
# ### What beta trades
#
# The loss is reconstruction + **beta** · KL. **Predict:** what does a beta of 10 do to both terms? (About 10 seconds.)

# %%
trade = {1.0: (history["reconstruction"][2], history["kl"][2])}  # after three epochs, as the others
for beta in (0.1, 10.0):
    keras.utils.set_random_seed(8)
    other = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=beta)
    ends = autoencoder.train_variational(other, flat_train, epochs=3)
    trade[beta] = ends["reconstruction"][-1], ends["kl"][-1]
for beta, (reconstruction, kl) in sorted(trade.items()):
    print(f"beta {beta:4}: reconstruction {reconstruction:6.1f}, KL {kl:5.2f}")

# %% [markdown]
# All after three epochs. A larger beta lowers KL, and the images get worse.

# %%
check("large_beta", "c")

# %% [markdown]
# ## 7 · Broken lab
#
# A colleague averages the error over the 784 pixels and adds the KL. The code runs, the loss falls. We get the same balance with the sum and a beta of 784. Find out from the numbers what is wrong:

# %%
keras.utils.set_random_seed(8)
averaged = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=784.0)
averaged_ends = autoencoder.train_variational(averaged, flat_train, epochs=2)
pictures = averaged.images(draws[:6])
for text, terms, drawn in (
    ("section 6", history, vae.images(draws[:6])),
    ("averaged", averaged_ends, pictures),
):
    numbers = ", ".join(f"{name} {terms[name][1]:.2f}" for name in ("reconstruction", "kl"))
    print(f"{text}: {numbers} after two epochs; spread of six pictures {drawn.std(axis=0).mean():.4f}")
plot.images(pictures, columns=6, alt="Six random draws, all the same gray blur")

# %% [markdown]
# KL near 0: every cloud is the standard one, whatever the image. The decoder draws the mean of all digits. This is **posterior collapse**. A mean over 784 pixels makes KL count 784 times more.

# %%
check("mean_against_sum", "b")

# %% [markdown]
# ## 8 · From older Keras
#
# VAE code of 2018 wrote the loss with `K`, which was `keras.backend`, and layers called `Lambda`. Two lines of it fail today:

# %%
with labs.expect_error(AttributeError):
    keras.backend.random_normal((2, 2))  # today: keras.random.normal

with labs.expect_error(NotImplementedError):
    symbolic = keras.Input((2,))
    keras.Model(symbolic, symbolic).add_loss(keras.ops.mean(symbolic))  # today: inside a layer's call()

# %% [markdown]
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
plot.images([*in_codes, *in_pixels], ["codes"] * 8 + ["pixels"] * 8)

# %% [markdown]
# Between pixels one image fades into the other. Between codes a shape turns into another, and passes through other digits on its way.
#
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell. How do networks of digits see it?

# %%
path = None
photo = data.photos()["chelsea"] if path is None else labs.load_photo(path)
size = layers.Resizing(28, 28, crop_to_aspect_ratio=True)
small = np.asarray(size(photo.mean(axis=-1, keepdims=True).astype(np.float32))) / 255
as_digit = vae.images(vae.codes(small.reshape(1, 784)))[0]
restored_photo = model.predict(small[None], verbose=0)[0]
figure = plot.images(
    [small, restored_photo, as_digit], ["28×28", "from 32 numbers", "from 2 numbers"], columns=4
)
figure.savefig(labs.work_folder() / "squeezed.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "squeezed.png")
figure

# %% [markdown]
# A network that has seen nothing but digits draws everything with their strokes.
#
# ## Recap
#
# - Encoder, code, decoder: the bottleneck forces the network to learn what images have in common. A linear one is PCA.
# - With other targets it removes noise. With a threshold on its error it finds anomalies, as far as they are harder to restore.
# - A plain latent space has holes. A VAE has fewer: clouds in place of points, KL against the standard normal, a draw with the noise outside.
# - Sum both terms of the ELBO; beta trades sharp images for a smooth plane.
#
# **Read on:** Hinton, Salakhutdinov, *Reducing the dimensionality of data with neural networks* (2006) · Vincent and others, *Denoising autoencoders* (2008) · Kingma, Welling, *Auto-encoding variational Bayes* (2014) · Higgins and others, *beta-VAE* (2017). **Next:** 09, two networks against each other.

# %%
check.progress("08")
