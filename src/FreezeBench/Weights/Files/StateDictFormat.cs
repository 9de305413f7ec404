namespace FreezeBench.Weights.Files;

/// <summary>The formats of weights files, told apart by their first bytes: a file's name promises nothing.</summary>
public enum StateDictFormat
{
    /// <summary>PyTorch 1.6 and newer: a zip archive.</summary>
    Zip,

    /// <summary>PyTorch before 1.6, and today's with <c>_use_new_zipfile_serialization=False</c>: pickles and raw storages.</summary>
    Legacy,

    /// <summary>Hugging Face's safetensors.</summary>
    Safetensors,
}
