//! One for all channels, or one for each.

#[derive(Clone, Debug, PartialEq)]
pub struct Each<T>(Vec<T>);

impl<T> Each<T> {
    pub fn all(value: T) -> Self {
        Self(vec![value])
    }

    /// One for each channel.
    ///
    /// # Panics
    /// If there is none.
    pub fn of(values: Vec<T>) -> Self {
        assert!(!values.is_empty(), "at least one channel");
        Self(values)
    }

    pub fn get(&self, channel: usize) -> &T {
        if let [one] = &self.0[..] { one } else { &self.0[channel] }
    }

    /// The one of all channels, if they are said to be alike.
    pub fn only(&self) -> Option<&T> {
        if let [one] = &self.0[..] { Some(one) } else { None }
    }

    /// Of how many channels it tells apart.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    pub fn map<U>(&self, of: impl Fn(&T) -> U) -> Each<U> {
        Each(self.0.iter().map(of).collect())
    }

    pub fn try_map<U, E>(&self, of: impl Fn(&T) -> Result<U, E>) -> Result<Each<U>, E> {
        Ok(Each(self.0.iter().map(of).collect::<Result<_, _>>()?))
    }

    /// Both of each channel, made one.
    pub fn zip<U, V, E>(&self, other: &Each<U>, of: impl Fn(&T, &U) -> Result<V, E>) -> Result<Each<V>, E> {
        let count = self.count().max(other.count());
        let both = |channel| of(self.get(channel), other.get(channel));
        Ok(Each((0..count).map(both).collect::<Result<_, _>>()?))
    }
}

impl<T: Clone + PartialEq> Each<T> {
    /// The same, one for all where all are alike.
    pub fn merged(self) -> Self {
        if self.0.iter().all(|value| *value == self.0[0]) { Self(vec![self.0[0].clone()]) } else { self }
    }

    /// One for each of so many channels.
    pub fn expanded(&self, channels: usize) -> Vec<T> {
        (0..channels).map(|channel| self.get(channel).clone()).collect()
    }
}
