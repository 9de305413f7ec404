using FreezeBench.Images.Decoding;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Sets;
using FreezeBench.Results.Verification;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// Batches whose pixels come from the host, by copies that nobody waits for, while the device has other work: a buffer that is filled anew
/// before its copy has ended gives images of another batch, and no error.
/// </summary>
internal static class BatchesCheck
{
    private const int BatchSize = 8, ResolutionPx = 32, ImagesOfAClass = 24;

    // Products of 1024 x 1024 before every batch: a millisecond or so of a GPU, longer than a batch takes to be issued.
    private const int LoadSide = 1024, Products = 8;

    // Values reach 2.6; a GPU fuses the product and the sum of the normalisation, and sums a resize in another order.
    private const double MostOnCuda = 1e-5;

    /// <param name="device">Where.</param>
    /// <param name="disturb">Called with every batch; a test breaks them. null: nobody.</param>
    internal static CheckFinding Find(CheckedDevice device, Action<Batch>? disturb = null)
    {
        var most = device.IsCuda ? MostOnCuda : 0;
        using var scope = NewDisposeScope();
        using var stored = SmallTraining.Images(CPU, 2 * ImagesOfAClass);
        using var onHost = new ImageDataSet(stored.Name, stored.Classes, stored.ContentHash, stored.Images.clone(), stored.Labels.to(device.Torch, copy: true));
        var memory = Compared(
            device, disturb, transform => new ImageBatches(onHost, transform, BatchSize, Augmentation.CropFlip, throughHost: true), transform => stored.Batches(transform, BatchSize, Augmentation.CropFlip));
        using var files = new CheckImages(ImagesOfAClass);
        using var ofDevice = ImageFolder.LoadTraining(files.Folder, device.Torch, 2 * ImagesOfAClass);
        using var ofHost = ImageFolder.LoadTraining(files.Folder, CPU, 2 * ImagesOfAClass);
        var read = Compared(device, disturb, transform => ofDevice.Batches(transform, BatchSize, Augmentation.CropFlip), transform => ofHost.Batches(transform, BatchSize, Augmentation.CropFlip));
        return CheckFinding.Of(
            new("host_memory_difference", memory.Pixels) { AtMost = most }, new("host_memory_wrong_labels", memory.Labels) { AtMost = 0 },
            new("image_files_difference", read.Pixels) { AtMost = most }, new("image_files_wrong_labels", read.Labels) { AtMost = 0 });
    }

    private static (double Pixels, long Labels) Compared(CheckedDevice device, Action<Batch>? disturb, Func<ImageTransform, BatchSource> onDevice, Func<ImageTransform, BatchSource> onHost)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using ImageTransform deviceTransform = new(ResolutionPx, device.Layout, device.Torch), hostTransform = new(ResolutionPx, device.Layout, CPU);
        using BatchSource tried = onDevice(deviceTransform), right = onHost(hostTransform);
        var (load, side) = (randn([LoadSide, LoadSide], device: device.Torch), device.IsCuda ? Products : 1);
        var (pixels, labels) = (0.0, 0L);
        // The second pass finds the buffers of the first.
        for (var epoch = 0; epoch < 2; epoch++)
        {
            tried.Shuffle(1, epoch);
            right.Shuffle(1, epoch);
            List<Batch> batches = [];
            for (var step = 0; step < tried.StepsPerEpoch; step++)
            {
                for (var product = 0; product < side; product++)
                    load.matmul(load).Dispose();
                batches.Add(tried.Load(step));
                disturb?.Invoke(batches[^1]);
            }
            foreach (var (step, batch) in batches.Index())
            {
                var exact = right.Load(step);
                var difference = (batch.Inputs.cpu() - exact.Inputs).abs().max().item<float>();
                pixels = float.IsNaN(difference) ? double.NaN : Math.Max(pixels, difference);
                labels += batch.Labels.cpu().ne(exact.Labels).sum().item<long>();
            }
        }
        return (pixels, labels);
    }
}
