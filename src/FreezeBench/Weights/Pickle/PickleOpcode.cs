namespace FreezeBench.Weights.Pickle;

/// <summary>
/// The closed list of opcodes: what Python's picklers, protocols 2 to 5, write for dicts, lists, tuples, numbers, strings and
/// tensors, and for what stands beside them in a checkpoint. Names and codes: Python's Lib/pickletools.py.
/// </summary>
internal enum PickleOpcode : byte
{
    Mark = (byte)'(',
    Pop = (byte)'0',                // with the next two: of tuples that hold themselves
    PopMark = (byte)'1',
    Duplicate = (byte)'2',
    Stop = (byte)'.',
    EmptyTuple = (byte)')',
    EmptyList = (byte)']',
    EmptyDict = (byte)'}',
    BinBytes = (byte)'B',
    ShortBinBytes = (byte)'C',
    BinFloat = (byte)'G',
    BinInt = (byte)'J',
    BinInt1 = (byte)'K',
    BinInt2 = (byte)'M',
    None = (byte)'N',
    BinPersistentId = (byte)'Q',
    Reduce = (byte)'R',
    BinString = (byte)'T',          // Python 2's str
    ShortBinString = (byte)'U',     // Python 2's str
    BinUnicode = (byte)'X',
    Append = (byte)'a',
    Build = (byte)'b',
    Global = (byte)'c',
    Appends = (byte)'e',
    BinGet = (byte)'h',
    LongBinGet = (byte)'j',
    BinPut = (byte)'q',
    LongBinPut = (byte)'r',
    SetItem = (byte)'s',
    Tuple = (byte)'t',
    SetItems = (byte)'u',
    Protocol = 0x80,
    NewObject = 0x81,               // PyTorch before 0.4, for Parameter
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    NewTrue = 0x88,
    NewFalse = 0x89,
    Long1 = 0x8a,
    Long4 = 0x8b,
    ShortBinUnicode = 0x8c,
    BinUnicode8 = 0x8d,
    BinBytes8 = 0x8e,
    EmptySet = 0x8f,
    AddItems = 0x90,
    FrozenSet = 0x91,
    NewObjectEx = 0x92,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
    ByteArray8 = 0x96,
}
