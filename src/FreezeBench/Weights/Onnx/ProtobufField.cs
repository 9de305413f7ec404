using FreezeBench.Weights.Tensors;
using Google.Protobuf;

namespace FreezeBench.Weights.Onnx;

/// <summary>A field of a protobuf message, as far as it can be told without the message's schema.</summary>
/// <param name="Number">The field's number in the schema.</param>
/// <param name="Type">How it is stored.</param>
/// <param name="Value">Of a number: as stored, so that a negative one is above 2^63.</param>
/// <param name="Content">Of a text, of bytes, of packed numbers or of a message: where they lie in the file. Nothing is copied.</param>
internal readonly record struct ProtobufField(int Number, WireFormat.WireType Type, ulong Value, ArraySegment<byte> Content)
{
    /// <summary>The fields of a message in the order of the file. A message in it is not looked into.</summary>
    /// <param name="message">Its bytes.</param>
    /// <param name="what">Its name in a fault.</param>
    /// <exception cref="WeightsFaultException">While they are read: the message is truncated or damaged.</exception>
    public static IEnumerable<ProtobufField> Of(ArraySegment<byte> message, string what)
    {
        if (message.Array is null)
            throw Damaged(what, "a number stands where it should be");
        var input = new CodedInputStream(message.Array, message.Offset, message.Count);
        while (Next(input, message.Array, what) is { } field)
            yield return field;
    }

    /// <summary>Numbers of a repeated field, which writers may pack into one.</summary>
    /// <param name="what">The message's name in a fault.</param>
    /// <param name="most">No more than these are read, whatever is there.</param>
    public IReadOnlyList<ulong> Numbers(string what, int most)
    {
        if (Type == WireFormat.WireType.Varint)
            return most > 0 ? [Value] : [];
        if (Type != WireFormat.WireType.LengthDelimited)
            throw Damaged(what, $"field {Number} is no whole number");
        List<ulong> numbers = [];
        try
        {
            var input = new CodedInputStream(Content.Array, Content.Offset, Content.Count);
            while (!input.IsAtEnd && numbers.Count < most)
                numbers.Add(input.ReadUInt64());
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Damaged(what, e.Message.TrimEnd('.'), e);
        }
        return numbers;
    }

    /// <summary>That a message is not what it should be.</summary>
    public static WeightsFaultException Damaged(string what, string how, Exception? cause = null) => new($"{what} is truncated or damaged: {how}.", cause);

    private static ProtobufField? Next(CodedInputStream input, byte[] file, string what)
    {
        try
        {
            var tag = input.ReadTag();
            if (tag == 0)
                return null;
            var (number, type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
            return type switch
            {
                WireFormat.WireType.Varint => new(number, type, input.ReadUInt64(), default),
                WireFormat.WireType.Fixed32 => new(number, type, input.ReadFixed32(), default),
                WireFormat.WireType.Fixed64 => new(number, type, input.ReadFixed64(), default),
                WireFormat.WireType.LengthDelimited => new(number, type, 0, Skipped(input, file)),
                _ => throw Damaged(what, $"field {number} is a group, which ONNX does not have"),
            };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw Damaged(what, e.Message.TrimEnd('.'), e);
        }
    }

    // The library hands out copies only; what it steps over, and has checked to be there, is read where it lies.
    private static ArraySegment<byte> Skipped(CodedInputStream input, byte[] file)
    {
        var start = (int)input.Position;
        input.SkipLastField();
        var end = (int)input.Position;
        var length = new CodedInputStream(file, start, end - start).ReadLength();
        return new ArraySegment<byte>(file, end - length, length);
    }
}
