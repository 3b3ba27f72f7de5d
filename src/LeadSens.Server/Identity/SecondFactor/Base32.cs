namespace LeadSens.Server.Identity;

/// <summary>RFC 4648, 6, without padding: what authenticator apps read, and letters that nobody mixes up on paper.</summary>
internal static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new System.Text.StringBuilder((bytes.Length * 8 + 4) / 5);
        var (held, bits) = (0, 0);
        foreach (var value in bytes)
        {
            held = held << 8 | value;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Alphabet[held >> bits - 5 & 31]);
            held &= (1 << bits) - 1;
        }

        if (bits > 0) text.Append(Alphabet[held << 5 - bits & 31]);
        return text.ToString();
    }
}
