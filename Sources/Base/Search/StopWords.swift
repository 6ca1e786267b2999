/// Words that say nothing on their own in English and French; left out of a query while other words remain.
enum StopWords {
    static func contains(_ word: [UInt8]) -> Bool { words.contains(word) }

    private static let words = Set(
        """
        a about am an and any are as at be been but by can could do does for from get give go had has have he help her
        him his how i if im in into is it its ive just me my near need no not of on or our she so some someone that
        the their them there they this to us want was we what when where which who will with would you your
        au aux avec ce ces cette comment dans de des du elle en est et il ils je la le les leur leurs ma mais me mes
        mon ne nos notre nous on ou par pas pour que qui sa sans se ses son sur ta te tes ton tu un une vos votre vous
        j l d m t s n c qu
        """.split { $0 == " " || $0 == "\n" }.map { Array($0.utf8) })
}
