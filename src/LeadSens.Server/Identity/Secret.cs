using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace LeadSens.Server.Identity;

/// <summary>A token or key as it is given out, once, and the hash that is kept: 256 random bits need no slow hash. Looking a hash up
/// tells by its time nothing of the secret. The prefix is for those who search their files for leaked secrets.</summary>
internal sealed record Secret(string Text, byte[] Hash)
{
    public const string Access = "lsa_", Refresh = "lsr_", ApiKey = "lsk_", Invitation = "lsi_", Confirmation = "lsc_", Reset = "lsp_";
    private const int Bytes = 32;

    public static Secret New(string prefix)
    {
        var text = prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        return new(text, HashOf(text));
    }

    public static byte[] HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Nobody gets to see it by printing the record.</summary>
    public override string ToString() => "(secret)";
}
