using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Image;
using Microsoft.ML.Transforms.Onnx;

namespace FreezeBench.MlNet;

/// <summary>ML.NET's way from files to features, as its documentation has it: load, resize, extract pixels, DnnFeaturizeImage with ResNet18.</summary>
/// <remarks>
/// The short side becomes 224 pixels and the middle of the long one stays (torchvision: 256, then the middle 224). The network is CNTK's
/// ResNet-18: blue, green, red, a mean subtracted, no division. ML.NET decodes on one thread and calls the network image by image.
/// </remarks>
internal sealed class Featurizer
{
    internal const int ResolutionPx = 224;

    private const int Channels = 3;
    private const string Image = "Image";
    private const string Pixels = "Pixels";
    private const string Features = "Features";

    private readonly MLContext context;
    private readonly TransformerChain<ImagePixelExtractingTransformer> pixels;
    private readonly TransformerChain<ColumnCopyingTransformer> network;

    /// <summary>Opens the network.</summary>
    /// <param name="context">Gets the number of threads of ONNX Runtime.</param>
    /// <param name="threads">Of one operation of the network.</param>
    internal Featurizer(MLContext context, int threads)
    {
        this.context = context;
        // ONNX Runtime's own options: those that ML.NET fills in where these are not made here leave its optimisation of graphs out.
        context.SetOnnxSessionOption(new OnnxSessionOptions { CreateSessionOptions = () => new SessionOptions { IntraOpNumThreads = threads } });
        // Transformers learn nothing here; they want a schema.
        var none = context.Data.LoadFromEnumerable(Array.Empty<ImageRow>());
        pixels = context.Transforms.LoadImages(Image, imageFolder: null, nameof(ImageRow.Path))
            .Append(context.Transforms.ResizeImages(Image, ResolutionPx, ResolutionPx, Image, ImageResizingEstimator.ResizingKind.IsoCrop))
            .Append(context.Transforms.ExtractPixels(Pixels, Image))
            .Fit(none);
        network = context.Transforms.DnnFeaturizeImage(Features, input => input.ModelSelector.ResNet18(context, input.OutputColumn, input.InputColumn), Pixels)
            .Fit(pixels.Transform(none));
    }

    /// <summary>The features of images, in order, and what making them took: reading, decoding, resizing, network.</summary>
    internal (IReadOnlyList<float[]> Features, TimeSpan Time) Extract(IEnumerable<Photograph> images)
    {
        var data = network.Transform(pixels.Transform(Rows(images)));
        return Timed(() => data.GetColumn<float[]>(Features).ToList());
    }

    /// <summary>What the network sees of images, as a batch in memory.</summary>
    internal IDataView Decoded(IEnumerable<Photograph> images)
    {
        var rows = pixels.Transform(Rows(images)).GetColumn<float[]>(Pixels).Select(values => new PixelRow { Pixels = values }).ToList();
        var schema = SchemaDefinition.Create(typeof(PixelRow));
        schema[Pixels].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Channels, ResolutionPx, ResolutionPx);
        return context.Data.LoadFromEnumerable(rows, schema);
    }

    /// <param name="decoded">From <see cref="Decoded"/>.</param>
    internal TimeSpan NetworkAlone(IDataView decoded)
    {
        var data = network.Transform(decoded);
        return Timed(() => data.GetColumn<float[]>(Features).ToList()).Time;
    }

    private IDataView Rows(IEnumerable<Photograph> images) => context.Data.LoadFromEnumerable(images.Select(image => new ImageRow { Path = image.Path }).ToList());

    private static (List<float[]> Result, TimeSpan Time) Timed(Func<List<float[]>> pass)
    {
        // Passes are lazy in ML.NET: only a materialised one has been made.
        var start = Stopwatch.GetTimestamp();
        var result = pass();
        return (result, Stopwatch.GetElapsedTime(start));
    }

    private sealed class ImageRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class PixelRow
    {
        public float[] Pixels { get; set; } = [];
    }
}
