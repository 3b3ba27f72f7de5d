using System.Text;

namespace LeadSens.Sandbox.Data;

/// <summary>Names as they appear in addresses.</summary>
internal static class Ascii
{
    // One letter to the left, its spelling to the right. Letters of other scripts keep one spelling: addresses must only be plausible and stable.
    private const string Table = """
        áa àa âa äa ãa åa ąa æae çc ćc čc ée èe êe ëe ęe íi ìi îi ïi łl ñn ńn óo òo ôo öo õo øo œoe śs šs ßss úu ùu ûu üu ýy źz żz ōo ūu
        αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps ωo άa έe ήi ίi όo ύy ώo
        аa бb вv гh ґg дd еe єie жzh зz иy іi їi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ьx юiu яia
        健ken 太ta 美mi 咲saki 大dai 輔suke 陽yo 子ko 拓taku 也ya 葵aoi 翔sho 結yu 衣i 佐sa 藤to 鈴suzu 木ki 高taka 橋hashi 田ta 中naka 渡wata 辺nabe 伊i 山yama 本moto 村mura
        伟wei 芳fang 敏min 静jing 磊lei 婷ting 强qiang 雪xue 王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang
        민min 준jun 서seo 연yeon 지ji 훈hun 수su 빈bin 현hyeon 우u 도do 윤yun 하ha 은eun 김kim 이lee 박park 최choi 정jung 강kang 조cho
        أa حh مm دd فf اa طt ةa لl ىa خkh نn وw رr يy سs هh شsh صs بb تt كk ءx
        """;

    private static readonly Dictionary<char, string> Spelling = Table
        .Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)
        .GroupBy(pair => pair[0])
        .ToDictionary(group => group.Key, group => group.Last()[1..]);

    /// <summary>The part of a host that names the company, however it is written: <c>www.société.fr</c> is <c>societe</c>.</summary>
    public static string Host(string host)
    {
        var name = host.StartsWith("www.", StringComparison.OrdinalIgnoreCase) ? host[4..] : host;
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return Of(dot < 0 ? name : name[..dot]);
    }

    public static string Of(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter == '-')
            {
                plain.Append(letter);
            }
            else if (Spelling.TryGetValue(letter, out var spelled))
            {
                plain.Append(spelled);
            }
        }

        return plain.Length == 0 ? "x" : plain.ToString();
    }
}
